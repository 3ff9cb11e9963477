import "./page.css";
import { type ReactNode, useEffect } from "react";

interface PageProps {
  title: ReactNode;
  /** Of the browser's tab. */
  name: string;
  /** Above the title: where the page lies. */
  path?: ReactNode;
  /** Below the title. */
  about?: ReactNode;
  /** At the right of the title. */
  acts?: ReactNode;
  children: ReactNode;
}

/** The frame of every page: where it lies, its title, what can be done, its content. */
export function Page({ title, name, path, about, acts, children }: PageProps) {
  useEffect(() => {
    document.title = `${name} · Windlass`;
  }, [name]);
  return (
    <div className="page">
      <header className="page-head">
        <div className="page-title">
          {path !== undefined && (
            <nav aria-label="Where this page lies" className="page-path">
              {path}
            </nav>
          )}
          <h1>{title}</h1>
          {about !== undefined && <div className="quiet">{about}</div>}
        </div>
        {acts !== undefined && <div className="row wrap">{acts}</div>}
      </header>
      {children}
    </div>
  );
}
