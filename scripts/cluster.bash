# What scripts/spider and scripts/galera share: MariaDB servers of their own, with data, ports and sockets of their own. The
# machine's service is neither used nor touched. Sourced, not run.

# packages NAME... installs Debian's packages where they are missing. Only for what touches no service that runs.
packages() {
  local missing=()
  for p in "$@"; do dpkg -s "$p" 2>/dev/null | grep -q '^Status: install ok installed' || missing+=("$p"); done
  [ ${#missing[@]} = 0 ] && return
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$dir/apt.log" 2>&1 ||
    { tail -n 20 "$dir/apt.log"; exit 1; }
}

# unpack NAME FILE prints the path of a file of a package. Where the package is not installed it is unpacked below $dir, in the
# version of the server: to install it would restart the machine's service.
unpack() {
  local found
  if found=$(dpkg -L "$1" 2>/dev/null | grep -m1 "/$2\$"); then echo "$found"; return; fi
  if [ ! -d "$dir/unpacked" ]; then
    local version=
    case $1 in mariadb-*) version=$(dpkg-query -W -f '=${Version}' mariadb-server) ;; esac
    apt-get update -qq
    (cd "$dir" && apt-get download -qq "$1$version" >/dev/null && dpkg -x "$1"_*.deb unpacked)
  fi
  find "$dir/unpacked" -name "$2" | grep -m1 .
}

# server NAME PORT ARG... starts a server with an empty database below $dir, root without password on loopback.
server() {
  local name=$1 port=$2 d=$dir/$1
  shift 2
  mkdir -p "$d/tmp" # that of the caller may be closed to the user mysql
  chown mysql: "$d" "$d/tmp"
  if [ ! -d "$d/data/mysql" ]; then
    TMPDIR="$d/tmp" mariadb-install-db --no-defaults --user=mysql --datadir="$d/data" --auth-root-authentication-method=normal --skip-test-db \
      >"$d/install.log" 2>&1 || { tail -n 20 "$d/install.log"; exit 1; }
  fi
  TMPDIR="$d/tmp" nohup mariadbd --no-defaults --user=mysql --datadir="$d/data" --socket="$d/socket" --pid-file="$d/pid" --port="$port" \
    --bind-address=127.0.0.1 --innodb-buffer-pool-size=64M --max-connections=500 "$@" >"$d/log" 2>&1 9>&- &
}

# query NAME SQL asks a server.
query() { mariadb --no-defaults --user=root --socket="$dir/$1/socket" -Ne "$2"; }

# ready NAME [SQL TEXT] waits until the server answers, and SQL with TEXT in it.
ready() {
  for _ in $(seq 120); do
    if query "$1" "${2:-SELECT 1}" 2>/dev/null | grep -q "${3:-1}"; then return; fi
    sleep 0.5
  done
  echo "$1 does not come up:"
  tail -n 20 "$dir/$1/log"
  exit 1
}

# stop ends the servers below $dir and removes what they wrote.
stop() {
  local pids=()
  for p in "$dir"/*/pid; do [ -f "$p" ] && pids+=("$(cat "$p")"); done
  for pid in "${pids[@]:-}"; do [ -n "$pid" ] && kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]:-}"; do
    for _ in $(seq 60); do [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || break; sleep 0.25; done
    [ -n "$pid" ] && kill -9 "$pid" 2>/dev/null || true
  done
  rm -rf "$dir"
}
