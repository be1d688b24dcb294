// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import live.millrace.platform.camera.CameraSearch.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What devices answer, and what others answer for them. */
class AnswersTest {
    private static Element read(String document) throws OnvifException {
        return Answers.read(document.getBytes(StandardCharsets.UTF_8));
    }

    private static void refuses(String document) {
        assertThatThrownBy(() -> read(document))
                .isInstanceOfSatisfying(
                        OnvifException.class,
                        refused -> assertThat(refused.failure()).isEqualTo(Failure.PROTOCOL))
                .hasNoCause();
    }

    @Test
    void readsWhatStandsThereWhateverItsPrefix() throws OnvifException {
        Element answer = read(
                "<a:E xmlns:a='urn:x'><a:Body><Name xmlns='urn:y' token=' t '> A &amp; <!-- no -->B<![CDATA[<C>]]> "
                        + "</Name><Name>second</Name></a:Body></a:E>");
        assertThat(answer.name()).isEqualTo("E");
        assertThat(answer.at("Body", "Name")).isEqualTo("A & B<C>");
        assertThat(answer.at("Name")).isEqualTo("A & B<C>");
        assertThat(answer.child("Name")).isEmpty();
        assertThat(answer.at("Body", "Other")).isEmpty();
        assertThat(answer.all("Name").map(Element::text)).containsExactly("A & B<C>", "second");
        assertThat(answer.all("Name").findFirst().orElseThrow().attribute("token"))
                .isEqualTo(" t ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "no", "<a>", "<a></b>", "<a/", "<a>&nbsp;</a>", "<a b='1' b='2'/>", "<a:b/>", "\0"})
    void refusesWhatIsNoDocument(String document) {
        refuses(document);
    }

    @Test
    void readsNothingOutsideOfIt(@TempDir Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "three herons");
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
        });
        server.start();
        try {
            String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/x";
            refuses("<!DOCTYPE a [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]><a>&x;</a>");
            refuses("<!DOCTYPE a [<!ENTITY x SYSTEM \"" + address + "\">]><a>&x;</a>");
            refuses("<!DOCTYPE a SYSTEM \"" + address + "\"><a/>");
            refuses("<!DOCTYPE a [<!ENTITY % x SYSTEM \"" + address + "\"> %x;]><a/>");
            refuses("<!DOCTYPE a><a/>");
            assertThat(asked).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void doesNotLaughABillionTimes() {
        String entities = IntStream.range(1, 10)
                .mapToObj(i -> "<!ENTITY l" + i + " \"" + ("&l" + (i - 1) + ";").repeat(10) + "\">")
                .collect(Collectors.joining());
        refuses("<!DOCTYPE a [<!ENTITY l0 \"ha\">" + entities + "]><a>&l9;</a>");
    }

    @Test
    void isBounded() throws OnvifException {
        int deep = Answers.MOST_DEPTH;
        assertThat(read("<a>".repeat(deep) + "</a>".repeat(deep)).name()).isEqualTo("a");
        refuses("<a>".repeat(deep + 1) + "</a>".repeat(deep + 1));
        refuses("<a>".repeat(100_000));
        int many = Answers.MOST_ELEMENTS - 1;
        assertThat(read("<a>" + "<b/>".repeat(many) + "</a>").children()).hasSize(many);
        refuses("<a>" + "<b/>".repeat(many + 1) + "</a>");
        refuses("<a "
                + IntStream.rangeClosed(0, Answers.MOST_ATTRIBUTES)
                        .mapToObj(i -> "b" + i + "='' ")
                        .collect(Collectors.joining())
                + "/>");
    }

    @FuzzTest
    void nothingBreaksIt(byte[] content) {
        try {
            Element answer = Answers.read(content);
            assertThat(answer.name()).isNotEmpty();
            assertThat(answer.all("Name").count()).isLessThan(Answers.MOST_ELEMENTS);
        } catch (OnvifException refused) {
            assertThat(refused.failure()).isEqualTo(Failure.PROTOCOL);
        }
    }
}
