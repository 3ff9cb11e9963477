import "./switch.css";

interface SwitchProps {
  /** What it switches, for those who hear the page. */
  label: string;
  isOn: boolean;
  tip?: string;
  disabled?: boolean;
  onChange: (isOn: boolean) => void;
}

export const Switch = ({ label, isOn, tip, disabled = false, onChange }: SwitchProps) => (
  <button
    type="button"
    role="switch"
    aria-checked={isOn}
    aria-label={label}
    data-tip={tip}
    disabled={disabled}
    className="toggle"
    onClick={() => onChange(!isOn)}
  >
    <span />
  </button>
);
