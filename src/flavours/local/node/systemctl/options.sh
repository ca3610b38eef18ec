# Options and words of systemctl's command line, as getopt_long(3) reads them; sourced by systemctl.

# Long options; those with = take a value.
long='property= type= state= signal= kill-whom= kill-who= lines= output= job-mode= check-inhibitors= legend= preset-mode= root= image=
 host= machine= what= message= timestamp= boot-loader-menu= boot-loader-entry= all full value quiet no-legend no-block wait now failed plain
 reverse force dry-run no-pager no-ask-password no-wall no-reload system user global runtime recursive with-dependencies show-types
 show-transaction marked read-only mkdir firmware-setup help version'

unit_types='service mount swap socket target device automount timer path slice scope'
load_states='stub loaded not-found bad-setting error merged masked'
active_states='active reloading inactive failed activating deactivating maintenance'
outputs='short short-full short-iso short-iso-precise short-precise short-monotonic short-unix with-unit verbose export json json-pretty json-sse json-seq cat'

# What getopt_long(3) says, and what systemctl itself does.
usage() { wrong "systemctl: $1"; }
wrong() { echo "$1" >&2; exit 1; }

# systemd has it, and a node does not.
refuse() { echo "systemctl: nodes of flavour local do not have $1; ${2:-build for a flavour with NixOS: docker, nspawn or a VM}" >&2; exit 1; }

parse() {
  local name value letters letter has
  while (( $# )); do
    case $1 in
      --) shift; words+=("$@"); return ;;
      --*)
        name=${1#--} value= has=
        [[ $name != *=* ]] || has=1 value=${name#*=} name=${name%%=*}
        full_name "$name"
        if [[ $REPLY == *= ]]; then
          if [[ ! $has ]]; then
            (( $# > 1 )) || usage "option '--${REPLY%=}' requires an argument"
            shift; value=$1
          fi
        elif [[ $has ]]; then usage "option '--$REPLY' doesn't allow an argument"; fi
        option "${REPLY%=}" "$value"
        ;;
      -?*)
        letters=${1#-}
        while [[ $letters ]]; do
          letter=${letters:0:1} letters=${letters:1}
          case $letter in
            [pPtsnoHM])
              value=$letters letters=
              if [[ ! $value ]]; then
                (( $# > 1 )) || usage "option requires an argument -- '$letter'"
                shift; value=$1
              fi
              ;;
            [alrTiqfh]) value= ;;
            *) usage "invalid option -- '$letter'" ;;
          esac
          case $letter in
            p) option property "$value" ;; P) option property "$value"; option value ;;
            t) option type "$value" ;; s) option signal "$value" ;; n) option lines "$value" ;; o) option output "$value" ;;
            H) option host ;; M) option machine ;; a) option all ;; l) option full ;; r) option recursive ;;
            T) option show-transaction ;; i) option check-inhibitors no ;; q) option quiet ;; f) option force ;; h) option help ;;
          esac
        done
        ;;
      *) words+=("$1") ;;
    esac
    shift
  done
}

# Sets REPLY to the long option that $1 is, or begins and no other does.
full_name() {
  local one found=()
  for one in $long; do
    [[ ${one%=} != "$1" ]] || { REPLY=$one; return; }
    [[ $one != "$1"* ]] || found+=("$one")
  done
  (( ${#found[@]} )) || usage "unrecognized option '--$1'"
  (( ${#found[@]} == 1 )) || usage "option '--$1' is ambiguous"
  REPLY=${found[0]}
}

option() {
  local more name
  case $1 in
    property) IFS=, read -r -a more <<<"$2"; shown+=("${more[@]}") ;;
    type)
      [[ $2 != help ]] || { printf '%s\n' 'Available unit types:' $unit_types; exit; }
      IFS=, read -r -a more <<<"$2"
      for name in "${more[@]}"; do
        if [[ " $unit_types " == *" $name "* ]]; then types=${types:+$types,}$name
        elif [[ " $load_states " == *" $name "* ]]; then states=${states:+$states,}$name
        else wrong "Unknown unit type or load state '$name'."$'\n''Use -t help to see a list of allowed values.'; fi
      done
      ;;
    state)
      [[ $2 != help ]] || { printf '%s\n' 'Available unit load states:' $load_states '' 'Available unit active states:' $active_states; exit; }
      states=${states:+$states,}$2
      ;;
    failed) states=failed ;;
    value) value_only=1 ;;
    quiet) quiet=1 legend= ;;
    legend) case $2 in yes | true | 1 | on) legend=1 ;; no | false | 0 | off) legend= ;; *) wrong "Failed to parse boolean argument to --legend: $2." ;; esac ;;
    no-legend) legend= ;;
    no-block) block= ;;
    wait) until_end=1 ;;
    now) now=1 ;;
    all) all=1 ;;
    plain) plain=1 ;;
    reverse) reverse=1 ;;
    force) force=1 ;;
    dry-run) dry_run=1 ;;
    signal) signal=${2#SIG} ;;
    kill-whom | kill-who) case $2 in main | control | all) whom=$2 ;; *) wrong "Failed to kill unit: Invalid who argument $2" ;; esac ;;
    lines) [[ $2 =~ ^[0-9]+$ ]] || wrong "Failed to parse lines '$2'"; lines=$2 ;;
    output)
      [[ " $outputs " == *" $2 "* ]] || wrong "Unknown output '$2'."
      output=$2
      ;;
    job-mode)
      case $2 in
        replace | fail | replace-irreversibly) ;;
        isolate | flush | ignore-dependencies | ignore-requirements | triggering | restart-dependencies) refuse "--job-mode=$2" ;;
        *) wrong "Failed to start unit: Job mode $2 invalid" ;;
      esac
      ;;
    timestamp) [[ $2 == pretty ]] || refuse "--timestamp=$2" 'read the times of --property ending in Monotonic' ;;
    help) help=1 ;;
    version) echo 'systemctl of a node of flavour local (nxc), with the verbs of systemd 252'; exit ;;
    user | global) refuse 'user instances of systemd' 'ask without --user' ;;
    host | machine) refuse "--$1" 'run systemctl on that node' ;;
    # These ask for what is so anyway.
    full | no-pager | system | no-ask-password | no-wall | no-reload | show-types | check-inhibitors | message) ;;
    *) refuse "systemctl --$1" ;;
  esac
}
