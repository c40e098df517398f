#!/bin/sh
# node-image.sh <folder> <version of Node>: writes <folder>/node.tar, for `podman import`: what the Dockerfile needs of the image node:<version>-slim.
# Debian's packages come through apt as this machine has it set up, Node and npm as the npm packages of these names.
#   Ten seconds. debootstrap takes two minutes for the same, since it also configures an apt that nothing here uses.
set -eu
folder=$1 version=$2 root=$1/root
mkdir -p "$folder/debs/partial" "$folder/npm"
# The packages with all they need, as though nothing were installed.
apt-get install -qq --yes --no-install-recommends --download-only -o APT::Sandbox::User=root -o Dir::State::status=/dev/null \
  -o Dir::Cache::archives="$folder/debs" dash coreutils libstdc++6
for part in bin lib lib64 sbin; do
  mkdir -p "$root/usr/$part"
  ln -s "usr/$part" "$root/$part"
done
for package in "$folder"/debs/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" --keep-directory-symlink
done
mkdir -p "$root/etc" "$root/root" "$root/tmp" "$root/usr/local/bin" "$root/usr/local/lib/node_modules"
chmod 1777 "$root/tmp"
# The user of the official image.
printf 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n' >"$root/etc/passwd"
# npm 11: the one that Node 24 comes with.
npm install --prefix "$folder/npm" --no-save --silent "node@$version" npm@11
mv "$folder/npm/node_modules/node/bin/node" "$root/usr/local/bin/node"
mv "$folder/npm/node_modules/npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
tar -c -C "$root" -f "$folder/node.tar" .
