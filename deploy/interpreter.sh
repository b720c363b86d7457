#!/bin/sh
# Names the Python that `make setup` takes: of those in the PATH that will do, the first that is nearly as quick as the
# quickest. One that was built without `--enable-optimizations` needs half as long again and more for such a loop, and a
# seventh more for a rebuild.
set -eu

measure='
import ensurepip, sys, time, venv
assert sys.version_info >= (3, 11)
def loop():
    began = time.perf_counter()
    sum(n * n for n in range(100_000))
    return time.perf_counter() - began
print(min(loop() for _ in range(9)), sys.executable)'

found() {
  IFS=:
  for place in $PATH; do
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
      if [ -x "$place/$name" ]; then "$place/$name" -c "$measure" 2> /dev/null || true; fi
    done
  done
}

found | awk '
  { seconds[NR] = $1; sub(/^[^ ]+ /, ""); python[NR] = $0; if (NR == 1 || seconds[NR] < best) best = seconds[NR] }
  END { for (n = 1; n <= NR; n++) if (seconds[n] <= best * 1.2) { print python[n]; exit } }'
