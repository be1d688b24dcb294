// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.UUID;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.live.RecordingChoice;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;

/** What is kept: as the site says, as the channel says, and as was said of one broadcast. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class RecordingSwitchTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private RecordingRules rules;

    @Autowired
    private RecordingSwitch once;

    @Autowired
    private RecordingChoice choice;

    @Autowired
    private SiteSettings settings;

    @Autowired
    private Videos videos;

    @Autowired
    private Engine engine;

    @Autowired
    private VideoCards cards;

    @Autowired
    private JdbcClient database;

    private AccountPrincipal anna;
    private ChannelView channel;

    @BeforeEach
    void somebody() {
        anna = people.user();
        channel = people.channel(anna);
    }

    @AfterEach
    void asAlways() {
        settings.change(Setting.RECORDING, "", Actor.SITE);
        settings.change(Setting.RECORDING_DAYS, "", Actor.SITE);
        settings.change(Setting.RECORDING_REWIND, "", Actor.SITE);
    }

    private void choose(Boolean recorded, Integer days) {
        rules.choose(channel.id(), new RecordingRules.Choice(recorded, days, null, null, null, null));
    }

    @Test
    void aChannelChoosesWithinWhatTheSiteAllows() {
        assertThat(rules.of(channel.id()))
                .isEqualTo(new RecordingRules.Rules(true, 30, RecordingRules.ALL, Visibility.PUBLIC, false, true));
        choose(false, 60);
        assertThat(rules.of(channel.id()).recorded()).isFalse();
        assertThat(rules.of(channel.id()).keepDays()).isEqualTo(30);
        settings.change(Setting.RECORDING_DAYS, "0", Actor.SITE);
        assertThat(rules.of(channel.id()).keepDays()).isEqualTo(60);
        RecordingRules.Choice all = new RecordingRules.Choice(true, 7, 0, Visibility.PRIVATE, true, false);
        rules.choose(channel.id(), all);
        assertThat(rules.choice(channel.id())).isEqualTo(all);
        assertThat(rules.of(channel.id()))
                .isEqualTo(new RecordingRules.Rules(true, 7, 0, Visibility.PRIVATE, true, false));
        settings.change(Setting.RECORDING_REWIND, "120", Actor.SITE);
        choose(null, null);
        assertThat(rules.of(channel.id()).rewindMinutes()).isEqualTo(120);
    }

    @Test
    void whoGoesLiveIsKeptAsTheRulesSayAndAsWasLastKnown() {
        assertThat(choice.remembered(channel.id())).isPresent();
        settings.change(Setting.RECORDING, "off", Actor.SITE);
        assertThat(choice.remembered(channel.id())).as("as the site says").isEmpty();
        assertThat(choice.forNew(channel.id())).isEmpty();
        choose(true, null);
        assertThat(choice.forNew(channel.id())).isPresent();
        assertThat(choice.remembered(channel.id())).as("the last known choice").isPresent();
        assertThat(choice.forNew(channel.id())).isNotEqualTo(choice.forNew(channel.id()));
    }

    @Test
    void whatIsSaidOfTheNextBroadcastIsSaidOfNoOther() throws Exception {
        assertThat(once.kept(channel.id())).isTrue();
        once.keep(channel.id(), false);
        assertThat(once.kept(channel.id())).isFalse();
        assertThat(choice.forNew(channel.id())).isEmpty();
        UUID broadcast;
        try (RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live")) {
            assertThat(encoder.publish(people.key(anna).secret())).isEqualTo("NetStream.Publish.Start");
            new MediaScript(encoder).headers().both(8);
            encoder.sync();
            Wait.until(
                    "it is written down",
                    () -> database.sql(
                                    "select exists (select from live_broadcast where channel_id = ? and live_at is not null)")
                            .param(channel.id())
                            .query(Boolean.class)
                            .single());
            broadcast = engine.live(channel.name()).orElseThrow().broadcastId();
            assertThat(once.kept(channel.id())).isFalse();
            assertThat(choice.forResumed(channel.id(), broadcast))
                    .as("nor by another process")
                    .isEmpty();
            assertThat(choice.forNew(channel.id())).as("the next one is").isPresent();
            once.keep(channel.id(), true);
            assertThat(choice.forResumed(channel.id(), broadcast)).isPresent();
        }
        engine.end(channel.name());
        Wait.until("it is over", () -> engine.live(channel.name()).isEmpty());
        assertThat(Optional.of(once.kept(channel.id()))).contains(true);
    }

    @Test
    void howLongItIsGrowsWhileItIsRecorded() throws Exception {
        try (RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live")) {
            assertThat(encoder.publish(people.key(anna).secret())).isEqualTo("NetStream.Publish.Start");
            MediaScript media = new MediaScript(encoder).headers().both(8);
            encoder.sync();
            Wait.until("its length is known", () -> length() > 4_000);
            media.both(8);
            encoder.sync();
            Wait.until("it grew", () -> length() > 12_000);
            assertThat(once.running(channel.name())).isPresent();
            assertThat(once.kept(channel.id())).isTrue();
        }
        engine.end(channel.name());
        Wait.until("it is over", () -> engine.live(channel.name()).isEmpty());
    }

    @Test
    void itsCardSaysWhatHappensToOneThatIsNotOver() throws Exception {
        try (RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live")) {
            assertThat(encoder.publish(people.key(anna).secret())).isEqualTo("NetStream.Publish.Start");
            MediaScript media = new MediaScript(encoder).headers().both(8);
            encoder.sync();
            Wait.until("it is recorded", () -> activity().equals(Optional.of(VideoCard.Activity.RUNNING)));
            once.keep(channel.id(), false);
            media.both(8);
            encoder.sync();
            Wait.until("it is paused", () -> activity().equals(Optional.of(VideoCard.Activity.PAUSED)));
        }
        Wait.until("its encoder is away", () -> activity().equals(Optional.of(VideoCard.Activity.AWAY)));
        engine.end(channel.name());
        Wait.until("it is over", () -> engine.live(channel.name()).isEmpty());
        Wait.until("nothing is said of it any more", () -> activity().isEmpty());
    }

    private Optional<VideoCard.Activity> activity() {
        return cards.of(videos.allOfChannel(channel.id(), Optional.empty(), 1)).stream()
                .findFirst()
                .map(VideoCard::activity);
    }

    /** Before its first span ends. */
    private long length() {
        return videos.allOfChannel(channel.id(), Optional.empty(), 1).stream()
                .filter(video -> video.recording() && video.bytes() > 0)
                .mapToLong(VideoView::durationMillis)
                .max()
                .orElse(0);
    }
}
