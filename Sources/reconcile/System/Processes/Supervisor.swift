/// The shell script that is between this program and one that must outlive it: it claims the folder, runs the command,
/// ends it at its time-out, and writes down how it ended. Its words: the folder, the seconds, the command.
enum Supervisor {
    static let script = """
        folder=$1 limit=$2
        shift 2
        mask=$(umask)
        umask 077
        read -r stat </proc/$$/stat || exit 71
        read -r boot </proc/sys/kernel/random/boot_id || exit 71
        twentieth() { shift 19; start=$1; }
        set -f
        twentieth ${stat##*) }
        set +f
        # Whoever makes this file runs the command: a second start finds it there.
        set -C
        echo "$$ $start $boot" 2>/dev/null >"$folder/pid" || exit 0
        set +C
        ended() { echo "$1" >"$folder/exit.new" && /bin/mv "$folder/exit.new" "$folder/exit"; }
        case $1 in
        */*) test -f "$1" && test -x "$1" ;;
        *) command -v "$1" >/dev/null ;;
        esac || { ended missing; exit 0; }
        # Never a word of the shell or of this script.
        (umask "$mask"; exec "$@") </dev/null &
        program=$!
        # After the command was started, which must not inherit it: what ends the group is not to end its witness.
        trap '' HUP INT TERM
        (/bin/sleep "$limit"; echo "$limit" >"$folder/timed-out"; kill -TERM 0; /bin/sleep 10; kill -KILL 0) &
        wait "$program"
        ended $?
        # What the command has left behind ends with it, as in a container. So does the clock.
        kill -KILL 0
        """
}
