#!/bin/bash
# An agent in bash and curl: holds connections to a server, reports them each second, and drains when told.
# Usage: agent.sh INGEST_SOCKET NAME HOST PORT [CONNECTIONS]; HOST is an IPv4 address. Ends with SIGTERM.
socket=$1 name=$2 host=$3 port=$4 size=${5:-3} held=()
url=http://localhost/v1/agents/$name-$$
send() { curl -sS -m 5 -o /dev/null --unix-socket "$socket" -H 'content-type: application/json' "$@"; }
fill() { # Opens what is missing, one descriptor each.
  while ((${#held[@]} < size)) && exec {fd}<>"/dev/tcp/$host/$port"; do held+=("$fd"); done 2>/dev/null
}
drain() { # Nothing is ever in flight here: each connection is replaced at once, the new one first.
  local old=("${held[@]}") fd
  held=() && fill
  for fd in "${old[@]}"; do exec {fd}>&-; done
}
connections() { # The local ends, by the inodes of this shell's own descriptors.
  local fd inode row a ip rows=()
  for fd in "${held[@]}"; do
    inode=$(readlink "/proc/$$/fd/$fd")
    row=$(awk -v i="${inode//[!0-9]/}" '$10 == i { split($2, l, ":"); print l[1], l[2] }' /proc/self/net/tcp) && [[ $row ]] || continue
    a=${row% *} && ip=$((16#${a:6:2})).$((16#${a:4:2})).$((16#${a:2:2})).$((16#${a:0:2}))
    rows+=("{\"local\":{\"address\":\"$ip\",\"port\":$((16#${row#* }))},
      \"remote\":{\"address\":\"$host\",\"port\":$port},\"isActive\":false}")
  done
  (IFS=,; echo "${rows[*]}")
}
coproc COMMANDS { trap 'kill $!; exit' TERM
  while :; do curl -sSN --unix-socket "$socket" "$url/commands" 2>/dev/null & wait $!; sleep 1 & wait $!; done; }
trap 'kill "$COMMANDS_PID" 2>/dev/null; exit 0' TERM INT
while :; do
  fill
  send -X PUT -d "{\"client\":\"$name\",\"dependencies\":[{\"name\":\"$name-echo\",\"host\":\"$host\",\"port\":$port,
    \"pool\":{\"active\":0,\"idle\":${#held[@]},\"max\":$size},\"connections\":[$(connections)],\"verbs\":[\"drain\"]}]}" "$url"
  while read -r -t 1 -u "${COMMANDS[0]}" line; do
    [[ $line =~ \"number\":\ *([0-9]+) ]] && number=${BASH_REMATCH[1]} || continue
    [[ $line =~ \"verb\":\ *\"drain\" ]] && drain && result=done || result=refused
    send -d "{\"state\":\"$result\",\"remaining\":0,\"inUse\":0}" "$url/commands/$number"
  done
done
