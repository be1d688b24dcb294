// SPDX-License-Identifier: Apache-2.0
package live.millrace.media;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who may import whom (docs/adr/0001-package-layers.md), as a table that the build holds the code against. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    private static final String BASE = "live.millrace.media.";
    private static final String ALONE = "=";

    /** A package, and what of ours it may use besides itself and its sub-packages; with = before it, without its sub-packages. */
    private static final Map<String, List<String>> ALLOWED = new LinkedHashMap<>();

    static {
        ALLOWED.put("tally", List.of());
        ALLOWED.put("peer", List.of());
        ALLOWED.put("launch", List.of());
        ALLOWED.put("child", List.of());
        ALLOWED.put("bytes", List.of());
        ALLOWED.put("time", List.of());
        ALLOWED.put("access", List.of());
        ALLOWED.put("bucket", List.of());
        ALLOWED.put("codec", List.of("bytes", "time"));
        ALLOWED.put("amf", List.of("bytes", "time"));
        ALLOWED.put("frame", List.of("codec", "time"));
        ALLOWED.put("container.flv", List.of("frame", "codec", "amf", "bytes", "time"));
        ALLOWED.put("container.mp4", List.of("frame", "codec", "amf", "bytes", "time"));
        ALLOWED.put("container.mpegps", List.of("frame", "codec", "amf", "bytes", "time"));
        ALLOWED.put("container.mpegts", List.of("frame", "codec", "amf", "bytes", "time"));
        ALLOWED.put("protocol.rtmp", List.of("bytes", "time", "amf"));
        ALLOWED.put("protocol.sdp", List.of());
        ALLOWED.put("protocol.rtsp", List.of());
        ALLOWED.put("protocol.srt", List.of());
        ALLOWED.put("protocol.dtls", List.of("protocol.srtp"));
        ALLOWED.put("protocol.webrtc", List.of("protocol.sdp", "protocol.dtls"));
        ALLOWED.put("protocol.srtp", List.of("protocol.rtp.packet"));
        ALLOWED.put("protocol.stun", List.of());
        ALLOWED.put("protocol.rtp.packet", List.of("bytes", "time"));
        ALLOWED.put("protocol.rtp.rtcp", List.of("protocol.rtp.packet", "bytes", "time"));
        ALLOWED.put(
                "protocol.rtp.payload",
                List.of("protocol.rtp.packet", "protocol.rtp.rtcp", "protocol.sdp", "frame", "codec", "bytes", "time"));
        ALLOWED.put("protocol.hls", List.of("bytes", "time", "amf"));
        ALLOWED.put("protocol.dash", List.of("bytes", "time", "amf"));
        ALLOWED.put("socket", List.of());
        ALLOWED.put("http", List.of("bytes", "time", "tally", "peer", "socket", "tls"));
        ALLOWED.put("hub", List.of("frame", "codec", "bytes", "time", "tally"));
        ALLOWED.put("tls", List.of());
        ALLOWED.put("fanout", List.of("hub", "sound", "frame", "bytes", "time", "tally"));
        ALLOWED.put("admission", List.of("access", "hub", "peer", "tally", "socket"));
        ALLOWED.put("sound", List.of("hub", "child", "container", "frame", "codec", "time"));
        ALLOWED.put("segment", List.of("hub", "frame", "codec", "container", "bytes", "time"));
        ALLOWED.put("recording", List.of("segment", "hub", "frame", "codec", "container", "bytes", "time", "tally"));
        ALLOWED.put(
                "=endpoint",
                List.of(
                        "access",
                        "http",
                        "hub",
                        "admission",
                        "fanout",
                        "socket",
                        "tally",
                        "container",
                        "frame",
                        "codec"));
        List<String> endpoints = List.of(
                "=endpoint",
                "hub",
                "fanout",
                "admission",
                "access",
                "segment",
                "recording",
                "container",
                "protocol",
                "http",
                "frame",
                "codec",
                "amf",
                "bytes",
                "time",
                "tally",
                "peer",
                "socket",
                "tls");
        ALLOWED.put("endpoint.rtmp", endpoints);
        ALLOWED.put("endpoint.progressive", endpoints);
        ALLOWED.put("endpoint.http", endpoints);
        ALLOWED.put("endpoint.ingest", endpoints);
        ALLOWED.put("endpoint.video", endpoints);
        ALLOWED.put("endpoint.rtsp", endpoints);
        ALLOWED.put("endpoint.srt", endpoints);
        List<String> withSound =
                Stream.concat(endpoints.stream(), Stream.of("sound")).toList();
        ALLOWED.put("endpoint.hls", withSound);
        ALLOWED.put("endpoint.webrtc", withSound);
        ALLOWED.put(
                "source",
                List.of(
                        "=endpoint",
                        "hub",
                        "protocol",
                        "container",
                        "http",
                        "frame",
                        "codec",
                        "bytes",
                        "time",
                        "tally",
                        "peer",
                        "socket",
                        "tls"));
        ALLOWED.put(
                "metrics",
                List.of("admission", "=endpoint", "fanout", "http", "hub", "frame", "access", "recording", "tally"));
        ALLOWED.put("callback", List.of("access", "hub"));
        ALLOWED.put("control", List.of("hub", "access", "frame", "codec", "http", "source", "tally"));
    }

    private final JavaClasses engine = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("live.millrace.media");

    /** docs/adr/0032-threads-of-the-platform.md: whoever loads a class on a virtual thread may wait for one that has no carrier. */
    @Test
    void noThreadIsVirtual() {
        noClasses()
                .should()
                .callMethod(Thread.class, "ofVirtual")
                .orShould()
                .callMethod(Thread.class, "startVirtualThread", Runnable.class)
                .orShould()
                .callMethod(Executors.class, "newVirtualThreadPerTaskExecutor")
                .check(engine);
    }

    private static DescribedPredicate<JavaClass> forbiddenTo(String from, String base) {
        List<String> allowed = ALLOWED.get(from);
        return describe("what " + from + " may not use", type -> {
            String name = type.getPackageName();
            if (!name.startsWith(base.substring(0, base.length() - 1))) {
                return false;
            }
            String inside = name.length() < base.length() ? "" : name.substring(base.length());
            return !within(inside, from) && allowed.stream().noneMatch(packageName -> within(inside, packageName));
        });
    }

    private static boolean within(String name, String packageName) {
        if (packageName.startsWith(ALONE)) {
            return name.equals(packageName.substring(ALONE.length()));
        }
        return name.equals(packageName) || name.startsWith(packageName + ".");
    }

    private static void check(JavaClasses classes, String base) {
        ALLOWED.keySet()
                .forEach(from -> noClasses()
                        .that()
                        .resideInAPackage(
                                from.startsWith(ALONE) ? base + from.substring(ALONE.length()) : base + from + "..")
                        .should()
                        .dependOnClassesThat(forbiddenTo(from, base))
                        .allowEmptyShould(true)
                        .check(classes));
    }

    @Test
    void packagesUseOnlyWhatTheTableAllows() {
        check(engine, BASE);
    }

    @Test
    void everyPackageStandsInTheTable() {
        assertThat(engine.stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> name.length() > BASE.length())
                        .map(name -> name.substring(BASE.length()))
                        .filter(name -> !within(name, "server") && !name.equals("container"))
                        .filter(name -> ALLOWED.keySet().stream().noneMatch(known -> within(name, known))))
                .isEmpty();
    }

    @Test
    void aBrokenFixtureIsFound() {
        JavaClasses fixture = new ClassFileImporter().importPackages("live.millrace.fixture.media");
        assertThat(fixture).isNotEmpty();
        assertThatThrownBy(() -> check(fixture, "live.millrace.fixture.media."))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("CodecThatKnowsTheHub");
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("live.millrace.media.(**)").should().beFreeOfCycles().check(engine);
    }

    @Test
    void channelsStayWhereSocketsAre() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        BASE + "protocol..",
                        BASE + "http..",
                        BASE + "socket..",
                        BASE + "fanout..",
                        BASE + "endpoint..",
                        BASE + "control..",
                        BASE + "source..",
                        BASE + "tls..",
                        BASE + "server..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.channel..")
                .check(engine);
    }

    @Test
    void formatsDoNotLog() {
        noClasses()
                .that()
                .resideInAnyPackage(BASE + "container..", BASE + "codec..", BASE + "amf..", BASE + "frame..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.slf4j..")
                .check(engine);
    }

    /** docs/adr/0044-a-codec-is-one-file.md: containers ask the entries of the table, and switch on no codec. */
    @Test
    void containersKnowNoCodec() {
        noClasses()
                .that()
                .resideInAPackage(BASE + "container..")
                .should()
                .dependOnClassesThat(describe("codecs themselves", type -> {
                    String name = type.getPackageName();
                    return name.startsWith(BASE + "codec.")
                            && !name.equals(BASE + "codec.table")
                            && !name.equals(BASE + "codec.elementary");
                }))
                .check(engine);
    }

    @Test
    void nothingIsDeserialised() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .check(engine);
    }

    @Test
    void springStaysOutside() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .check(engine);
    }
}
