#!/bin/bash
# Installs the packages of a build into a fresh Debian 12 root, uses them as an ordinary user, and removes them again.
#
#   tests/package/try.sh BUILD_DIR     needs root and debootstrap; 77: not possible here
#
# MAILDOCTOR_MIRROR: where Debian's packages come from; else what apt uses. The base root is kept beside the packages.
set -euo pipefail
build=$(cd "${1:?usage: try.sh BUILD_DIR}" && pwd)
project=$(cd "$(dirname "$0")/../.." && pwd)
skip() { echo "skipped: $*"; exit 77; }
fail() { echo "FAILED: $*"; exit 1; }
[[ $(id -u) -eq 0 ]] || skip "only root can make a root folder"
for tool in debootstrap cpack dpkg-shlibdeps chroot; do command -v $tool >/dev/null || skip "$tool is not installed"; done

# 1. The packages, and that they are made the same way every time.
cmake --build "$build" --target maildoctor_help >"$build/package.log" 2>&1 || { tail -n 20 "$build/package.log"; fail "the build"; }
if cmake --build "$build" --target help | grep -q '^maildoctor-gui:'; then
    cmake --build "$build" --target maildoctor-gui >>"$build/package.log" 2>&1 || { tail -n 20 "$build/package.log"; fail "the build of the window"; }
fi
make_packages() {
    rm -rf "$build/package"
    (cd "$build" && cpack --config CPackConfig.cmake >"$build/cpack.log" 2>&1) || { tail -n 20 "$build/cpack.log"; fail "cpack"; }
    (cd "$build/package" && sha256sum ./*.deb)
}
first=$(make_packages) || { echo "$first"; exit 1; }
second=$(make_packages) || { echo "$second"; exit 1; }
[[ $first == "$second" ]] || fail "two packages of one build differ: $first / $second"
packages=("$build"/package/*.deb)
if command -v lintian >/dev/null; then
    lintian --allow-root --fail-on error --suppress-tags initial-upload-closes-no-bugs "${packages[@]}" || fail "lintian finds errors"
fi

if command -v appstreamcli >/dev/null; then
    while read -r metadata; do
        appstreamcli validate --no-net "$metadata" || fail "the metadata of the window"
    done < <(find "$build/generated/package" -name '*.metainfo.xml')
fi

# 2. A fresh root.
sources() { cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true; }
mirror=${MAILDOCTOR_MIRROR:-$(sources | sed -nE 's/^(deb |URIs: )(\[[^]]*\] )?(https?:[^ ]+).*/\3/p' | grep -v security | head -n 1)}
mirror=${mirror:-http://deb.debian.org/debian}
base=$build/package-base.tar
root=$(mktemp -d "${TMPDIR:-/tmp}/maildoctor-root.XXXXXX")
lab() { /usr/bin/python3 "$project/tests/lab/lab.py" --dir "$root.lab" "$@"; }
leave() {
    [[ -d $root.lab ]] && lab down >/dev/null 2>&1
    rm -rf --one-file-system "$root.lab"
    mountpoint -q "$root/usr" && umount -l "$root/usr"
    mountpoint -q "$root/proc" && umount -l "$root/proc"
    rm -rf --one-file-system "$root"
}
trap leave EXIT
if [[ -f $base ]]; then
    tar -xf "$base" -C "$root"
else
    debootstrap --variant=minbase --include=ca-certificates,man-db bookworm "$root" "$mirror" >"$build/debootstrap.log" 2>&1 ||
        { tail -n 5 "$build/debootstrap.log"; skip "debootstrap could not use $mirror"; }
    tar -cf "$base" -C "$root" .
fi
chmod 755 "$root"    # mktemp keeps others out, the ordinary user inside is one of them
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
mount -t proc proc "$root/proc" 2>/dev/null || skip "nothing can be mounted here"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
inside useradd -m person || skip "programs cannot be run inside the fresh root"
as_person() { chroot --userspec=person:person "$root" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/home/person LANG=C.UTF-8 "$@"; }
files() { (cd "$root" && find usr etc opt -xdev 2>/dev/null | sort); }

# 3. Install, use, remove.
names=()
for package in "${packages[@]}"; do
    cp "$package" "$root/"
    names+=("/$(basename "$package")")
done
inside apt-get update -q >"$build/apt.log" 2>&1 || skip "apt-get update fails inside (see $build/apt.log)"
before=$(files)
inside apt-get install -y -q --no-install-recommends "${names[@]}" >>"$build/apt.log" 2>&1 || { tail -n 20 "$build/apt.log"; fail "apt install"; }
echo "installed: ${names[*]}"

check() {   # check WHAT COMMAND…: runs it as the ordinary user
    local what=$1
    shift
    as_person "$@" >"$build/try.out" 2>&1 || { tail -n 30 "$build/try.out"; fail "$what"; }
    echo "ok: $what"
}
check "version" maildoctor --version --verbose
check "explain" maildoctor explain 0x800CCC0D
check "guide" maildoctor guide thunderbird you@example.org
check "the rules that were installed" maildoctor rules diff built-in /usr/share/maildoctor/rules
check "config" maildoctor config
as_person maildoctor check you@example.test --resolver 127.0.0.1:1 --timeout 5 >"$build/try.out" 2>&1 || true
grep -q "name look-up" "$build/try.out" || { cat "$build/try.out"; fail "check without a name server"; }
echo "ok: check without a name server"
pages=("$root"/usr/share/man/man1/maildoctor*.1.gz)
[[ ${#pages[@]} -gt 8 ]] || fail "the manual pages are not there"
for page in "${pages[@]}"; do
    check "man $(basename "$page" .1.gz)" man --warnings -P cat "$(basename "$page" .1.gz)"
done
check "bash completion" bash -c 'source /usr/share/bash-completion/completions/maildoctor
    COMP_WORDS=(maildoctor che); COMP_CWORD=1; _maildoctor; [[ ${COMPREPLY[0]} == check ]]'
check "a missing locale" env LANG=xx_XX.UTF-8 LC_ALL=xx_XX.UTF-8 maildoctor explain 0x800CCC0D
check "a home that cannot be written" env HOME=/root maildoctor explain 0x800CCC0D

# 4. Real servers: the installed program checks accounts of the lab, from inside the fresh root.
mkdir "$root.lab"
status=0
lab up >"$build/lab.log" 2>&1 || status=$?
if [[ $status -eq 77 ]]; then
    echo "skipped: check against the lab: $(tail -n 1 "$build/lab.log")"
else
    [[ $status -eq 0 ]] || { tail -n 20 "$build/lab.log"; fail "the lab"; }
    install -m 644 "$root.lab/ca/root.crt" "$root.lab/dns/root.key" "$root/home/person/"
    lab sh cat /etc/resolv.conf >"$root/etc/resolv.conf"
    in_lab() {   # in_lab STATUS SCENARIO WORDS: checks the scenario's account as the ordinary user
        local found=0
        lab sh chroot --userspec=person:person "$root" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/home/person LANG=C.UTF-8 maildoctor check \
            "anna@$2.test" --ca-file /home/person/root.crt --trust-anchor /home/person/root.key >"$build/try.out" 2>&1 </dev/null || found=$?
        [[ $found -eq $1 ]] && grep -q "$3" "$build/try.out" || { cat "$build/try.out"; fail "check of $2 (status $found)"; }
        echo "ok: check of $2"
    }
    in_lab 0 healthy-starttls "IMAP .* 143 "
    in_lab 1 tls-expired "expired"
    lab down >/dev/null 2>&1
fi

# 5. Places that cannot be written: one clear line, or none where nothing has to be written.
mount --bind "$root/usr" "$root/usr" && mount -o remount,ro,bind "$root/usr" || fail "a read-only /usr could not be made"
as_person sh -c 'touch /usr/bin/x 2>/dev/null' && fail "/usr is not read-only"
check "a read-only /usr" maildoctor explain 0x800CCC0D
status=0
as_person maildoctor publish example.org --incoming imaps://imap.example.org --outgoing smtps://smtp.example.org --write /usr/share/maildoctor/pub >"$build/try.out" 2>&1 || status=$?
[[ $status -eq 2 && $(wc -l <"$build/try.out") -eq 1 ]] || { cat "$build/try.out"; fail "writing into a read-only /usr (status $status)"; }
echo "ok: writing into a read-only /usr"
status=0
as_person env MAILDOCTOR_LANGUAGE=xx maildoctor explain 0x800CCC0D >"$build/try.out" 2>&1 || status=$?
[[ $status -eq 2 && $(wc -l <"$build/try.out") -eq 1 ]] || { cat "$build/try.out"; fail "a wrong configuration (status $status)"; }
echo "ok: a wrong configuration"
umount "$root/usr"

inside apt-get purge -y -q $(for package in "${packages[@]}"; do dpkg-deb -f "$package" Package; done) >>"$build/apt.log" 2>&1 || fail "apt purge"
inside apt-get autoremove --purge -y -q >>"$build/apt.log" 2>&1
left=$(comm -13 <(echo "$before") <(files) | grep -i maildoctor || true)
[[ -z $left ]] || fail "left behind: $left"
echo "removed: nothing is left"
