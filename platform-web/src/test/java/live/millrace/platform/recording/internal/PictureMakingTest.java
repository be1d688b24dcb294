// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingIndex;
import live.millrace.media.testing.TestPrograms;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.ffmpeg.Ffmpeg;
import live.millrace.platform.ffmpeg.FfmpegSettings;
import live.millrace.platform.recording.ClipView;
import live.millrace.platform.recording.Clips;
import live.millrace.platform.recording.Recordings;
import live.millrace.platform.recording.VideoTrim;
import live.millrace.platform.recording.Videos;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpHeaders;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** What lists and pages show of a video or a clip is a picture of itself. A script stands in for the decoder: it keeps what it was handed. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class PictureMakingTest {
    private static final String DECODES = "cat > $0.handed; printf picture";

    @TempDir
    Path directory;

    @Autowired
    private TestPeople people;

    @Autowired
    private RecordingIndex index;

    @Autowired
    private RecordingStore store;

    @Autowired
    private RecordingRetention retention;

    @Autowired
    private PictureRows rows;

    @Autowired
    private Videos videos;

    @Autowired
    private Clips clips;

    @Autowired
    private VideoTrim trim;

    @Autowired
    private ObjectProvider<Engine> engine;

    @Autowired
    private JdbcClient database;

    @Autowired
    private MockMvc site;

    private AccountPrincipal anna;
    private ChannelView channel;
    private Recording recording;
    private List<RecordedSpan> spans;

    /** A minute in two spans. */
    @BeforeEach
    void minute() throws IOException {
        anna = people.user();
        channel = people.channel(anna);
        recording = Recorded.begun(channel.name());
        index.begun(recording);
        index.track(recording.id(), Recorded.video());
        spans = new ArrayList<>();
        for (int ordinal = 0; ordinal < 2; ordinal++) {
            spans.add(Recorded.fragments(store.directory(), recording, ordinal));
            index.span(recording.id(), spans.get(ordinal));
        }
    }

    @AfterEach
    void nothingIsLeft() {
        database.sql("update recording set removing = true, deleted_at = now(), state = 'READY'")
                .update();
        retention.remove();
    }

    private void whole() throws IOException {
        index.ended(recording.id(), Recorded.START.plusSeconds(60));
    }

    private PictureMaking making(String script) throws IOException {
        return making(script, engine);
    }

    private PictureMaking making(String script, ObjectProvider<Engine> asked) throws IOException {
        Path program = TestPrograms.shell(directory.resolve("decoder"), script);
        return new PictureMaking(
                rows, store, asked, new Ffmpeg(new FfmpegSettings(program.toString())), Clock.systemUTC());
    }

    private @Nullable String address() {
        return videos.pictures(List.of(videos.find(recording.id()).orElseThrow()))
                .get(recording.id());
    }

    private ClipView clip(String id) {
        return clips.find(id).orElseThrow();
    }

    /** The head, and the first of a segment's two fragments, which are of one length. */
    private static byte[] first(Path span, RecordedSegment segment) throws IOException {
        byte[] file = Files.readAllBytes(span);
        byte[] head = {1, 2, 3};
        byte[] all = Arrays.copyOf(head, head.length + segment.bytes() / 2);
        System.arraycopy(file, Math.toIntExact(segment.offset()), all, head.length, segment.bytes() / 2);
        return all;
    }

    /** That the decoder was handed the picture of one segment. */
    private void wasOf(int span, int segment) throws IOException {
        assertThat(Files.readAllBytes(directory.resolve("decoder.handed")))
                .isEqualTo(first(
                        store.directory().resolve(recording.object(spans.get(span))),
                        spans.get(span).segments().segments().get(segment)));
    }

    @Test
    void aVideoShowsAPictureOfItsFirstThird() throws Exception {
        making(DECODES).makeSome();
        assertThat(address()).isNull();
        whole();
        making(DECODES).makeSome();
        wasOf(0, 10);
        String address = address();
        assertThat(address).startsWith("/videos/" + recording.id() + "/picture/");
        site.perform(get(address))
                .andExpect(status().isOk())
                .andExpect(content().contentType("image/jpeg"))
                .andExpect(content().string("picture"))
                .andExpect(header().string(HttpHeaders.CACHE_CONTROL, "max-age=120, public"));
        site.perform(get("/videos/" + recording.id() + "/picture/0")).andExpect(status().isNotFound());
        assertThat(site.perform(get("/videos/" + recording.id()))
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .contains("content=\"http://localhost" + address + "\"", "poster=\"" + address + "\"");
        Files.delete(directory.resolve("decoder.handed"));
        making(DECODES).makeSome();
        assertThat(directory.resolve("decoder.handed")).doesNotExist();
    }

    @Test
    void aPictureOfAPrivateVideoIsForThoseWhoSeeItsPage() throws Exception {
        whole();
        making(DECODES).makeSome();
        database.sql("update recording set visibility = 'PRIVATE' where public_id = ?")
                .param(recording.id())
                .update();
        String address = String.valueOf(address());
        site.perform(get(address)).andExpect(status().isNotFound());
        site.perform(get(address).with(user(people.user()))).andExpect(status().isNotFound());
        site.perform(get(address).with(user(anna)))
                .andExpect(status().isOk())
                .andExpect(header().string(HttpHeaders.CACHE_CONTROL, "no-store, private"));
    }

    @Test
    void aTrimTakesThePictureAwayUntilThereIsOneOfWhatIsLeft() throws Exception {
        whole();
        making(DECODES).makeSome();
        String before = String.valueOf(address());
        // The broadcast's last picture is of what goes as well.
        database.sql(
                        "insert into live_last_picture (channel_id, engine_id, number, jpeg) values (?, ?, 1, '\\xff'::bytea)")
                .param(channel.id())
                .param(recording.broadcast())
                .update();
        assertThat(trim.trim(recording.id(), 30_000, 60_000)).isEmpty();
        assertThat(address()).isNull();
        site.perform(get(before)).andExpect(status().isNotFound());
        making(DECODES).makeSome();
        wasOf(1, 5);
        assertThat(address()).isNotNull().isNotEqualTo(before);
        assertThat(trim.restore(recording.id())).isTrue();
        assertThat(String.valueOf(address())).doesNotContain("picture");
        making(DECODES).makeSome();
        wasOf(0, 10);
    }

    @Test
    void whatWasReadBeforeATrimIsNotKept() throws Exception {
        whole();
        PictureRows.Bare bare = rows.recordings(10).stream()
                .filter(each -> each.name().equals(recording.id()))
                .findFirst()
                .orElseThrow();
        assertThat(trim.trim(recording.id(), 30_000, 60_000)).isEmpty();
        assertThat(rows.made(bare, new byte[] {1})).isFalse();
        assertThat(address()).isNull();
    }

    @Test
    void aClipShowsAPictureOfItsRangeWhateverBecomesOfTheVideo() throws Exception {
        whole();
        String id = Recordings.clip(database, recording.id(), anna, "Storm", 33_000, 39_000);
        making(DECODES).makeSome();
        String address = String.valueOf(clip(id).picture());
        assertThat(address).startsWith("/clips/" + id + "/picture/");
        site.perform(get(address))
                .andExpect(status().isOk())
                .andExpect(content().string("picture"));
        assertThat(trim.trim(recording.id(), 0, 30_000)).isEmpty();
        assertThat(clip(id).own()).isTrue();
        assertThat(clip(id).picture()).isEqualTo(address);
        site.perform(get(address)).andExpect(status().isOk());
        database.sql("update recording set visibility = 'PRIVATE' where public_id = ?")
                .param(recording.id())
                .update();
        site.perform(get(address)).andExpect(status().isNotFound());
    }

    @Test
    void ofARangeThePictureIsOneInsideIt() throws Exception {
        whole();
        database.sql("update recording set mature = true where public_id = ?")
                .param(recording.id())
                .update();
        String id = Recordings.clip(database, recording.id(), anna, "Storm", 33_000, 35_000);
        making(DECODES).make(rows.clips(1).getFirst());
        wasOf(1, 2);
        // Not everybody may see it at once.
        assertThat(clip(id).picture()).isNull();
        assertThat(address()).isNull();
    }

    @Test
    void aClipOfWhatStillRunsHasOneAtOnce() throws Exception {
        database.sql("delete from recording_span where recording_id = (select id from recording where public_id = ?)")
                .param(recording.id())
                .update();
        RecordedSpan open = spans.get(1);
        Engine running = mock();
        when(running.runningRecording(any()))
                .thenReturn(Optional.of(new Recording(
                        recording.id(),
                        recording.folder(),
                        recording.broadcast(),
                        recording.stream(),
                        recording.startedAt(),
                        Optional.empty(),
                        List.of(Recorded.video()),
                        List.of(new RecordedSpan(
                                open.track(),
                                open.ordinal(),
                                open.format(),
                                open.discontinuity(),
                                open.startMillis(),
                                open.baseDecodeTime(),
                                open.bytes(),
                                open.segments(),
                                false)),
                        List.of())));
        ObjectProvider<Engine> asked = mock();
        when(asked.getObject()).thenReturn(running);
        String id = Recordings.clip(database, recording.id(), anna, "Just now", 40_000, 49_000);
        making(DECODES, asked).makeSome();
        wasOf(1, 6);
        assertThat(clip(id).picture()).isNotNull();
    }

    @Test
    void whatCannotBeDecodedHasNoneAndIsNotTriedAgain() throws Exception {
        whole();
        Files.write(store.directory().resolve(recording.object(spans.get(0))), new byte[10]);
        String id = Recordings.clip(database, recording.id(), anna, "Storm", 33_000, 39_000);
        making("cat > /dev/null; exit 1").makeSome();
        making(DECODES).makeSome();
        assertThat(directory.resolve("decoder.handed")).doesNotExist();
        assertThat(address()).isNull();
        assertThat(clip(id).picture()).isNull();
    }

    @Test
    void whereTheDecoderIsKilledItIsTriedAgain() throws Exception {
        whole();
        making("kill -9 $$").makeSome();
        assertThat(address()).isNull();
        making(DECODES).makeSome();
        assertThat(address()).isNotNull();
    }

    @Test
    void ofABroadcastWhosePictureWasTakenDownThereIsNone() throws Exception {
        whole();
        String id = Recordings.clip(database, recording.id(), anna, "Storm", 33_000, 39_000);
        making(DECODES).makeSome();
        String address = String.valueOf(address());
        database.sql("""
                insert into live_broadcast (channel_id, engine_id, started_at, title, picture_withheld)
                values (?, ?, now(), '', true)
                """).param(channel.id()).param(recording.broadcast()).update();
        assertThat(address()).isNull();
        assertThat(clip(id).picture()).isNull();
        site.perform(get(address)).andExpect(status().isNotFound());
    }

    @Test
    void itGoesWithTheRecording() throws Exception {
        whole();
        making(DECODES).makeSome();
        String address = String.valueOf(address());
        long number = Long.parseLong(address.substring(address.lastIndexOf('/') + 1));
        database.sql("update recording set removing = true, deleted_at = now() where public_id = ?")
                .param(recording.id())
                .update();
        retention.remove();
        assertThat(database.sql("select count(*) from recording_picture where number = ?")
                        .param(number)
                        .query(Long.class)
                        .single())
                .isZero();
    }
}
