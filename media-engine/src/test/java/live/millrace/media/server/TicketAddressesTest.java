// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.RtmpScript;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Where addresses behind a ticket lead, and where the ticket is written down. */
@ExtendWith(LeakExtension.class)
class TicketAddressesTest {
    private static final Pattern IN_QUOTES = Pattern.compile("URI=\"([^\"]*)\"");
    private static final Pattern IN_MANIFEST =
            Pattern.compile("(?:media|initialization|sourceURL)=\"([^\"]*)\"|<(?:BaseURL|Location)>([^<]*)<");

    @TempDir
    Path directory;

    private TicketScene scene;

    @BeforeEach
    void start() throws Exception {
        scene = new TicketScene(directory);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    /** Every address that an answer names, as it is written. */
    private static List<String> named(String path, String body) {
        List<String> named = new ArrayList<>();
        if (path.contains(".m3u8")) {
            IN_QUOTES.matcher(body).results().map(match -> match.group(1)).forEach(named::add);
            body.lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .forEach(named::add);
        } else if (path.contains(".mpd")) {
            for (MatchResult match : IN_MANIFEST.matcher(body).results().toList()) {
                String address = match.group(1) == null ? match.group(2) : match.group(1);
                named.add(address);
            }
        } else if (path.contains(".vtt")) {
            body.lines().filter(line -> line.contains(".jpg")).forEach(named::add);
        } else if (path.contains("/playback/list")) {
            named.add(TicketScene.first(body, "\"url\":\"([^\"]+)\""));
        }
        return named;
    }

    @Test
    void whatIsRefusedIsLookedUpAsWhatIsNotThere() throws Exception {
        String refused = "/videos/" + TicketScene.VIDEO + "/index.m3u8";
        TicketScene.Answer first = scene.get(refused);
        String absent = "/videos/AbC_-123xyy/index.m3u8";
        for (String path : List.of(
                refused,
                absent,
                TicketScene.below(PlayTicket.fresh()) + refused,
                TicketScene.below(PlayTicket.fresh()) + absent)) {
            int before = scene.index.questions();
            TicketScene.Answer answer = scene.get(path);
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.body()).as(path).isEqualTo(first.body());
            assertThat(scene.index.questions() - before).as(path).isEqualTo(1);
        }
    }

    @Test
    void everyAddressOfEveryListStaysBelowTheTicket() throws Exception {
        PlayTicket ticket = scene.invite();
        String below = TicketScene.below(ticket);
        Deque<String> left = new ArrayDeque<>();
        for (String address : scene.addresses(ticket).values()) {
            if (address.matches(".*\\.(m3u8|mpd|vtt)") || address.startsWith("/playback/list")) {
                left.add(below + address);
                left.add(below + address + (address.contains("?") ? "&" : "?") + "v=viewer-one");
                left.add(below + address + (address.contains("?") ? "&" : "?") + "audio=only");
            }
        }
        Set<String> seen = new HashSet<>(left);
        Set<String> kinds = new HashSet<>();
        while (!left.isEmpty()) {
            String path = left.remove();
            TicketScene.Answer answer = scene.get(path);
            boolean noSheet = path.contains("storyboard") && answer.status() == 404;
            assertThat(answer.status()).as(path).isIn(noSheet ? List.of(404) : List.of(200, 206));
            assertThat(answer.headers()).as(path).doesNotContainKey("location");
            for (String address : named(path, answer.body())) {
                assertThat(address).as("in %s", path).doesNotStartWith("/").doesNotContain("://");
                String template = address.replaceAll("\\$[A-Za-z]+(%0\\d+d)?\\$", "0");
                String resolved = URI.create(path).resolve(template).toString();
                assertThat(resolved).as("%s in %s", address, path).startsWith(below + "/");
                kinds.add(kind(resolved));
                boolean followed =
                        template.equals(address) && !answer.body().contains("PRELOAD-HINT:TYPE=PART,URI=\"" + address);
                if (followed && seen.add(resolved) && seen.size() < 400) {
                    left.add(resolved);
                }
            }
        }
        assertThat(kinds)
                .as("what was met")
                .contains(
                        "live m3u8",
                        "live m4s",
                        "live mp4",
                        "live ts",
                        "videos m3u8",
                        "videos m4s",
                        "videos mp4",
                        "playback");
    }

    private static String kind(String path) {
        String[] parts = path.split("/", -1);
        String last = parts[parts.length - 1].replaceAll("\\?.*", "");
        int dot = last.lastIndexOf('.');
        return parts[3] + (dot < 0 ? "" : " " + last.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    private static String text(ILoggingEvent event) {
        return event.getFormattedMessage()
                + (event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }

    @Test
    void theTicketIsInNoLogAndNoMetric() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger("live.millrace");
        Level before = root.getLevel();
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        root.addAppender(logged);
        root.setLevel(Level.TRACE);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        PlayTicket ticket = scene.invite();
        PlayTicket unknown = PlayTicket.fresh();
        try {
            scene.engine.metrics().bindTo(meters);
            for (String address : scene.addresses(ticket).values()) {
                scene.get(TicketScene.below(ticket) + address);
                if (!address.matches("/live/anna(\\.live)?\\.(flv|ts|mp4)")) {
                    scene.get(TicketScene.below(unknown) + address);
                }
                scene.ask("POST", TicketScene.below(ticket) + address, "Content-Length: 0\r\n");
            }
            try (RtmpScript player = scene.play("live", "anna?t=" + ticket.secret())) {
                player.awaitMessage(9);
            }
            scene.revoke(ticket);
        } finally {
            root.detachAppender(logged);
            root.setLevel(before);
        }
        assertThat(logged.list).isNotEmpty();
        String all = logged.list.stream().map(TicketAddressesTest::text).toList() + " " + meters.getMetersAsString()
                + " " + scene.engine.playSessions() + " " + scene.asked;
        assertThat(all).doesNotContain(ticket.secret(), unknown.secret());
        assertThat(all).contains("by ticket");
    }
}
