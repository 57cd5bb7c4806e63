#!/bin/bash
# Builds the same sources twice, in two folders of different names and without the compiler cache, and compares octet by
# octet.
#
#   tests/package/reproduce.sh SOURCE_DIR            the whole program and its package: takes many minutes
#   tests/package/reproduce.sh SOURCE_DIR TARGET     only the object files of one target
set -euo pipefail
source=$(cd "${1:?usage: reproduce.sh SOURCE_DIR [TARGET]}" && pwd)
target=${2:-}
folder=$(mktemp -d "${TMPDIR:-/tmp}/maildoctor-twice.XXXXXX")
trap 'rm -rf "$folder"' EXIT

build() {   # build PLACE: prints what has to be the same
    local place=$folder/$1
    mkdir -p "$place/sources"
    (cd "$source" && git ls-files -z | xargs -0 tar -cf - --) | tar -xf - -C "$place/sources"
    CCACHE_DISABLE=1 cmake -G Ninja -S "$place/sources" -B "$place/out" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="${CXX:-clang++-19}" \
        -DMAILDOCTOR_TESTS=OFF -DMAILDOCTOR_GUI=OFF >"$place/log" 2>&1 || { tail -n 20 "$place/log" >&2; return 1; }
    CCACHE_DISABLE=1 cmake --build "$place/out" --target "${target:-maildoctor_help}" >"$place/log" 2>&1 || { tail -n 20 "$place/log" >&2; return 1; }
    if [[ -n $target ]]; then
        (cd "$place/out" && find . -name '*.o' -print0 | sort -z | xargs -0 -r sha256sum)
    else
        (cd "$place/out" && cpack --config CPackConfig.cmake >"$place/log" 2>&1 && cd package && sha256sum ./*.deb) || { tail -n 20 "$place/log" >&2; return 1; }
    fi
}

first=$(build one) || exit 1
second=$(build another/place/with-a-longer-name) || exit 1
[[ -n $first ]] || { echo "nothing was built"; exit 1; }
if [[ $first != "$second" ]]; then
    echo "FAILED: two builds differ"
    diff <(echo "$first") <(echo "$second") | head -n 20
    exit 1
fi
echo "two builds are the same: $(echo "$first" | wc -l) files"
