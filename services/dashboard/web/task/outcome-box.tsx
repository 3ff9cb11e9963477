import "./task.css";
import { Lightbulb, Quote } from "lucide-react";
import type { OutcomeReply, TaskReply } from "#contract/run.ts";
import { lookOf } from "../ui/state-look.ts";

/** Whose matter a failure is, in words. */
const BLAMES: Readonly<Record<OutcomeReply["blame"], string | undefined>> = {
  none: undefined,
  user: "the program's matter",
  infra: "the cluster's matter",
  config: "a matter of configuration",
  policy: "somebody's decision",
};

/** Nothing but what stands beside it already. */
const SAYS_NOTHING = /^exitCode: \d+(?:, reason: (?:Error|Completed))?(?:, (?:startedAt|finishedAt): [^,]+)*$/;

interface OutcomeBoxProps {
  outcome: OutcomeReply;
  state: TaskReply["state"];
  pod: TaskReply["pod"];
  later?: TaskReply["tries"][number]["later"];
}

/** How a try ended: what happened, where, what Kubernetes said, what to do. */
export function OutcomeBox({ outcome, state, pod, later }: OutcomeBoxProps) {
  const { message, code, exitCode, blame, container, evidence, advice, result } = outcome;
  if (result === "success" && later === undefined) return null;
  const { tone, icon: Icon } = lookOf(result === "failed" ? "failed" : state);
  const isSaid = exitCode === undefined || message.includes(`with ${exitCode}`);
  const where = [container && `container ${container}`, pod?.node && `node ${pod.node}`].filter(Boolean).join(" · ");
  return (
    <div className={`outcome tone-${tone}`}>
      <p className="outcome-what">
        <Icon size={15} strokeWidth={2.4} aria-hidden="true" />
        <span>{message === "" ? code : message}</span>
      </p>
      <p className="row wrap small">
        <code className="chip">{code}</code>
        {!isSaid && <code className="chip">exit {exitCode}</code>}
        {BLAMES[blame] !== undefined && <span className="quiet">{BLAMES[blame]}</span>}
        {where !== "" && <span className="quiet">{where}</span>}
      </p>
      {evidence !== undefined && !SAYS_NOTHING.test(evidence) && (
        <p className="outcome-said">
          <Quote size={13} aria-hidden="true" />
          <code>{evidence}</code>
        </p>
      )}
      {advice !== undefined && (
        <p className="outcome-said">
          <Lightbulb size={13} aria-hidden="true" />
          <span>{advice}</span>
        </p>
      )}
      {later !== undefined && (
        <p className="outcome-said">
          <Quote size={13} aria-hidden="true" />
          <span>
            The pod said later: {later.message} (<code>{later.code}</code>). What was recorded stands.
          </span>
        </p>
      )}
    </div>
  );
}
