// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * What something is packed for.
 *
 * @param platform as archives are named: {@code linux-x64}
 * @param processor as Java calls it: {@code amd64}, {@code aarch64}
 * @param vendor of the virtual machine that is put inside
 * @param java its version
 * @param modules the modules that it is linked of; empty: those of the Java that runs
 */
record Target(String platform, String processor, String vendor, String java, Optional<Path> modules) {
    private static final String AARCH64 = "aarch64";

    /** The machine that this runs on. */
    static Target here() {
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        String processor = System.getProperty("os.arch");
        return new Target(
                (mac ? "macos" : "linux") + "-" + (processor.equals(AARCH64) ? AARCH64 : "x64"),
                processor,
                System.getProperty("java.vm.vendor"),
                System.getProperty("java.vm.version"),
                Optional.empty());
    }

    /**
     * Linux on aarch64, from elsewhere.
     *
     * @param jdk the folder of a JDK for it, with its modules ({@code jmods}), of the version of Java that links
     */
    static Target aarch64(Path jdk) throws IOException {
        Path modules = jdk.resolve("jmods");
        if (!Files.exists(modules.resolve("java.base.jmod"))) {
            throw new IOException(jdk + " is no JDK with modules to link: there is no " + modules.resolve("java.base.jmod"));
        }
        Properties release = new Properties();
        try (Reader in = Files.newBufferedReader(jdk.resolve("release"))) {
            release.load(in);
        }
        String system = said(release, "OS_NAME") + " on " + said(release, "OS_ARCH");
        int version = Runtime.Version.parse(said(release, "JAVA_VERSION")).feature();
        if (!system.equals("Linux on " + AARCH64) || version != Runtime.version().feature()) {
            throw new IOException(jdk + " is Java " + version + " for " + system + ", not " + Runtime.version().feature() + " for Linux on " + AARCH64);
        }
        return new Target("linux-" + AARCH64, AARCH64, said(release, "IMPLEMENTOR"), said(release, "JAVA_RUNTIME_VERSION"), Optional.of(modules));
    }

    private static String said(Properties release, String name) {
        return release.getProperty(name, "").replace("\"", "");
    }

    /** As Debian calls the processor. */
    String debian() {
        return processor.equals(AARCH64) ? "arm64" : "amd64";
    }

    /** As Netty calls it. */
    String netty() {
        return processor.equals(AARCH64) ? "aarch_64" : "x86_64";
    }

    /** The virtual machine as PackedProgram names the one that a cache is for. */
    String machine() {
        return vendor + " " + java + " " + processor;
    }
}
