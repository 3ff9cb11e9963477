/** What a shell reads to complete the words behind "windlass"; each asks `windlass __complete`. */
export const SHELL_SCRIPTS = {
  // Bash splits words at "@", ":" and "=", too: the whole line is sent, and the answer holds what is behind the last of them.
  bash: `_windlass() {
  local IFS=$'\\n'
  COMPREPLY=($(windlass __complete --line "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null))
}
complete -o default -F _windlass windlass
`,
  zsh: `#compdef windlass
_windlass() {
  local -a found
  found=("\${(@f)$(windlass __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -- "\${found[@]}"; else _files; fi
}
compdef _windlass windlass
`,
  fish: `function __windlass_complete
  set -l found (windlass __complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)
  if test (count $found) -eq 0
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $found
  end
end
complete -c windlass -f -a '(__windlass_complete)'
`,
} as const;
