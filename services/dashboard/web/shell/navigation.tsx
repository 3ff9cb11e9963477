import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { PLACES, type Place } from "./places.ts";

export function Navigation() {
  return (
    <nav className="navigation" aria-label="Pages">
      {PLACES.map(group => (
        <ul key={group[0]?.to}>
          {group.map(place => (
            <li key={place.to}>
              <PlaceLink place={place} />
            </li>
          ))}
        </ul>
      ))}
    </nav>
  );
}

function PlaceLink({ place: { to, label, icon: Icon, isOutside } }: { place: Place }) {
  const inside = (
    <>
      <Icon size={16} strokeWidth={1.9} aria-hidden="true" />
      <span>{label}</span>
    </>
  );
  if (isOutside) {
    return (
      <a href={to} className="place">
        {inside}
        <ExternalLink size={12} className="place-outside" aria-hidden="true" />
      </a>
    );
  }
  return (
    <Link
      to={to}
      className="place"
      activeOptions={{ exact: to === "/" }}
      activeProps={{ className: "here", "aria-current": "page" }}
    >
      {inside}
    </Link>
  );
}
