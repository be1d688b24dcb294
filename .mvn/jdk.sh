# Sourced by mvnw: finds a JDK 25 or newer in the places where systems put them and sets JAVA_HOME, so that a machine
# whose default `java` is older needs no setting. Without one, one sentence says what to install.
millrace_jdk_major() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}
millrace_find_jdk() {
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/* "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ -n "$home" ] && major=$(millrace_jdk_major "$home") && [ "${major:-0}" -ge 25 ] && { printf '%s\n' "$home"; return 0; }
  done
  # Last, a java on the path that lives elsewhere.
  command -v javac >/dev/null 2>&1 || return 1
  home=$(javac -J-XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.home = //p')
  major=$(millrace_jdk_major "$home") && [ "${major:-0}" -ge 25 ] && printf '%s\n' "$home"
}
if millrace_jdk=$(millrace_find_jdk); then
  JAVA_HOME=$millrace_jdk
  export JAVA_HOME
else
  echo "Millrace needs a JDK 25 or newer: install one (Debian: the temurin-25-jdk package of adoptium.net; macOS: brew install openjdk@25) or point JAVA_HOME at it." >&2
  exit 1
fi
