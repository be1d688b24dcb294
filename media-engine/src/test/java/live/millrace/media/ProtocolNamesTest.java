// SPDX-License-Identifier: Apache-2.0
package live.millrace.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No protocol is named outside its endpoint (docs/adr/0045-endpoints.md): what all of them need would be written for one otherwise.
 * What a class names is everything in its constant pool: its own name, the types, methods and fields that it uses, its texts.
 */
class ProtocolNamesTest {
    private static final String BASE = "live.millrace.media.";

    /** The middle: what no way in or out owns. */
    private static final List<String> MIDDLE =
            List.of("access", "admission", "hub", "fanout", "frame", "segment", "metrics", "server", "socket", "tally");

    private static final Set<String> PROTOCOLS = Set.of(
            "rtmp", "rtmps", "rtmpt", "hls", "dash", "srt", "rtsp", "rtsps", "rtp", "rtcp", "webrtc", "whip", "whep");

    /** Class, and why it may. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "RequestedStream", "a sealed sum of what each protocol says beside the path",
            "MediaEngine", "somebody has to put the endpoints together",
            "EngineConfig", "holds the settings of each endpoint for whoever puts them together");

    /** Where a word begins: behind what is no letter, and at a capital behind a small letter or before one. */
    private static final Pattern WORDS = Pattern.compile("[^A-Za-z]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    private static Stream<String> namers(JavaClasses classes, String base) {
        return classes.stream()
                .filter(type -> inTheMiddle(type, base))
                .filter(type -> !EXCEPTIONS.containsKey(outermost(type).getSimpleName()))
                .flatMap(type -> protocols(type).stream().map(word -> type.getName() + " names " + word));
    }

    private static boolean inTheMiddle(JavaClass type, String base) {
        String name = type.getPackageName();
        // The standalone engine is a product around the engine, with settings for each protocol.
        return MIDDLE.stream().anyMatch(each -> (name + ".").startsWith(base + each + "."))
                && !name.startsWith(base + "server.standalone");
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ProtocolNamesTest::outermost).orElse(type);
    }

    private static Set<String> protocols(JavaClass type) {
        Set<String> found = new TreeSet<>();
        for (PoolEntry entry : pool(type)) {
            if (entry instanceof Utf8Entry text) {
                WORDS.splitAsStream(text.stringValue())
                        .map(word -> word.toLowerCase(Locale.ROOT))
                        .filter(PROTOCOLS::contains)
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static Iterable<PoolEntry> pool(JavaClass type) {
        try (InputStream bytes = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            return ClassFile.of().parse(bytes.readAllBytes()).constantPool();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theMiddleNamesNoProtocol() {
        JavaClasses engine = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("live.millrace.media");
        assertThat(namers(engine, BASE)).isEmpty();
        assertThat(EXCEPTIONS.keySet())
                .as("exceptions that are there and need to be")
                .allSatisfy(name -> assertThat(engine.stream()
                                .filter(type -> outermost(type).getSimpleName().equals(name))
                                .flatMap(type -> protocols(type).stream()))
                        .isNotEmpty());
    }

    @Test
    void aBrokenFixtureIsFound() {
        JavaClasses fixture = new ClassFileImporter().importPackages("live.millrace.fixture.media");
        assertThat(namers(fixture, "live.millrace.fixture.media."))
                .containsExactly("live.millrace.fixture.media.hub.HubThatKnowsAProtocol names rtmp");
    }
}
