// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The folder as a Debian package: below {@code /usr/lib/millrace}, with a user, a service and one file of settings. */
final class DebianPackage {
    private DebianPackage() {}

    static boolean isPossible() {
        try {
            PackDistribution.run(List.of("dpkg-deb", "--version"));
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    static void write(Path home, Path sources, Path root, Path dist, String version, Target target, Map<String, String> words)
            throws Exception {
        PackDistribution.delete(root);
        Path library = root.resolve("usr/lib/millrace");
        Files.createDirectories(library.getParent());
        copyTree(home, library);
        // They have their place in Debian.
        move(library.resolve("systemd/millrace.service"), root.resolve("usr/lib/systemd/system/millrace.service"));
        Files.delete(library.resolve("systemd"));
        move(library.resolve("millrace.yml.example"), root.resolve("etc/millrace/millrace.yml"));
        for (String each : List.of("README", "NOTICE")) {
            move(library.resolve(each), root.resolve("usr/share/doc/millrace").resolve(each));
        }
        move(library.resolve("LICENSE"), root.resolve("usr/share/doc/millrace/copyright"));
        Files.createDirectories(root.resolve("usr/bin"));
        Files.createSymbolicLink(root.resolve("usr/bin/millrace"), Path.of("../lib/millrace/bin/millrace"));
        PackDistribution.setPermissions(root);
        Files.setPosixFilePermissions(root.resolve("etc/millrace/millrace.yml"), PosixFilePermissions.fromString("rw-r-----"));

        long bytes = 0;
        for (Path each : PackDistribution.files(root)) {
            bytes += Files.size(each);
        }
        Map<String, String> control = new HashMap<>(words);
        // A version that is to come is before it.
        control.put("@DEBIAN_VERSION@", version.replace("-", "~"));
        control.put("@ARCHITECTURE@", target.debian());
        control.put("@KILOBYTES@", Long.toString(bytes >> 10));
        for (Path each : PackDistribution.files(sources.resolve("debian"))) {
            PackDistribution.copy(each, root.resolve("DEBIAN").resolve(each.getFileName().toString()), control);
        }
        PackDistribution.setTimes(root);
        PackDistribution.run(List.of(
                "dpkg-deb",
                "--root-owner-group",
                "-Zxz",
                "-z6",
                "--build",
                root.toString(),
                dist.resolve("millrace_" + version + "_" + target.debian() + ".deb").toString()));
    }

    private static void move(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.move(from, to);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        List<Path> all;
        try (var walk = Files.walk(from)) {
            all = walk.toList();
        }
        for (Path each : all) {
            Path target = to.resolve(from.relativize(each).toString());
            if (Files.isSymbolicLink(each)) {
                Files.createSymbolicLink(target, Files.readSymbolicLink(each));
            } else {
                Files.copy(each, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
