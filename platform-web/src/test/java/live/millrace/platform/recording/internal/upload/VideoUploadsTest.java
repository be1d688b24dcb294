// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.upload;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.startsWith;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.head;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.patch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import live.millrace.media.container.mp4.FragmentWriter;
import live.millrace.media.container.mp4.InitializationSection;
import live.millrace.media.container.mp4.Sample;
import live.millrace.media.testing.SampleTracks;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatRooms;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.recording.UploadRefusedException;
import live.millrace.platform.recording.UploadRefusedException.Why;
import live.millrace.platform.recording.UploadView;
import live.millrace.platform.recording.VideoUploads;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import live.millrace.platform.shared.DataDirectory;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** A file comes piece by piece, whatever breaks, and is a video; or is refused in words, and leaves nothing. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class VideoUploadsTest {
    private static final String PIECE = "application/offset+octet-stream";

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private JdbcClient database;

    @Autowired
    private VideoUploads uploads;

    @Autowired
    private Videos videos;

    @Autowired
    private UploadImports imports;

    @Autowired
    private StaleUploads stale;

    @Autowired
    private ChatRooms rooms;

    @Autowired
    private DataDirectory data;

    @Autowired
    private SiteSettings settings;

    private AccountPrincipal anna;
    private ChannelView channel;
    private String all;

    @BeforeEach
    void anna() {
        anna = people.user();
        channel = people.channel(anna);
        all = "/api/v1/channels/" + channel.name() + "/uploads";
        // What others made up takes no room.
        database.sql("update recording set bytes = 0").update();
    }

    /** Some seconds of sound. */
    private static byte[] movie() {
        ByteBuf out = Unpooled.buffer();
        InitializationSection.write(List.of(SampleTracks.AUDIO), out);
        List<Sample> samples = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            byte[] sound = new byte[300];
            random.nextBytes(sound);
            samples.add(new Sample(1_024, 0, true, Unpooled.wrappedBuffer(sound)));
        }
        FragmentWriter.write(1, SampleTracks.AUDIO, 0, samples, out);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    private Path file(String id) {
        return data.resolve("uploads").resolve(id + ".part");
    }

    private UploadView begun(long bytes) {
        return uploads.begin(channel, anna.accountId(), "My holidays.mp4", "", bytes);
    }

    private UploadView now(UploadView upload) {
        return uploads.find(channel.id(), upload.id()).orElseThrow();
    }

    private UploadView sent(byte[] movie) throws IOException {
        return uploads.append(begun(movie.length), 0, new ByteArrayInputStream(movie));
    }

    private UploadView over(UploadView upload) throws Exception {
        Wait.until("it is over", () -> !now(upload).state().open());
        return now(upload);
    }

    private static Why why(Throwable refused) {
        return ((UploadRefusedException) refused).why();
    }

    private MockHttpServletRequestBuilder piece(String address, byte[] movie, int from, int to) {
        return patch(address)
                .with(user(anna))
                .with(csrf())
                .contentType(PIECE)
                .header("Upload-Offset", from)
                .content(Arrays.copyOfRange(movie, from, to));
    }

    @Test
    void aFileInPiecesIsAVideo() throws Exception {
        byte[] movie = movie();
        String address = site.perform(post(all)
                        .with(user(anna))
                        .with(csrf())
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(
                                "{\"fileName\":\"Rain.mp4\",\"size\":" + movie.length + ",\"title\":\"Rain & piano\"}"))
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.state").value("RECEIVING"))
                .andReturn()
                .getResponse()
                .getHeader("Location");
        assertThat(address).startsWith(all + "/");
        Random random = new Random(2);
        int at = 0;
        while (at < movie.length) {
            int to = Math.min(movie.length, at + 1 + random.nextInt(movie.length / 3));
            // What is sent twice is not there twice.
            site.perform(piece(address, movie, at, to))
                    .andExpect(status().isNoContent())
                    .andExpect(header().string("Upload-Offset", Integer.toString(to)));
            if (to < movie.length) {
                site.perform(piece(address, movie, at, to))
                        .andExpect(status().isConflict())
                        .andExpect(header().string("Upload-Offset", Integer.toString(to)));
                site.perform(head(address).with(user(anna)))
                        .andExpect(status().isOk())
                        .andExpect(header().string("Upload-Offset", Integer.toString(to)))
                        .andExpect(header().string("Upload-Length", Integer.toString(movie.length)))
                        .andExpect(header().string("Cache-Control", "no-store"));
            }
            at = to;
        }
        String id = address.substring(address.lastIndexOf('/') + 1);
        UploadView done = over(uploads.find(channel.id(), id).orElseThrow());
        assertThat(done.state()).isEqualTo(UploadView.State.DONE);
        Wait.until("its file is gone", () -> !Files.exists(file(id)));

        VideoView video = videos.find(String.valueOf(done.video())).orElseThrow();
        assertThat(video.title()).isEqualTo("Rain & piano");
        assertThat(video.durationMillis()).isBetween(4_600L, 4_700L);
        assertThat(video.gaps()).isEmpty();
        assertThat(videos.uploaded(video)).isTrue();
        assertThat(database.sql("select bytes from recording_usage where channel_id = ?")
                        .param(channel.id())
                        .query(Long.class)
                        .single())
                .isEqualTo(video.bytes())
                .isPositive();
        assertThat(site.perform(get("/videos/" + video.id()))
                        .andExpect(status().isOk())
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .contains("Uploaded", "/videos/" + video.id() + "/index.m3u8")
                .doesNotContain("<chat-replay");
        site.perform(get("/api/v1/channels/" + channel.name() + "/videos"))
                .andExpect(jsonPath("$[0].id").value(video.id()))
                .andExpect(jsonPath("$[0].state").value("READY"));
    }

    @Test
    void whatIsNoMovieIsRefusedInWords() throws Exception {
        UploadView upload = sent("Look, I am a film.".getBytes(StandardCharsets.UTF_8));
        assertThat(over(upload).refusal()).isEqualTo("NO_MOVIE");
        Wait.until("its file is gone", () -> !Files.exists(file(upload.id())));
        site.perform(get(all + "/" + upload.id()).with(user(anna)))
                .andExpect(jsonPath("$.refusal").value(startsWith("This is no MP4")));
        site.perform(get(all).with(user(anna)).locale(Locale.SIMPLIFIED_CHINESE))
                .andExpect(jsonPath("$[0].refusal").value(startsWith("这不是 MP4")));
        assertThat(videos.allOfChannel(channel.id(), Optional.empty(), 10)).isEmpty();
    }

    @Test
    void whatIsNotTakenAtAll() throws Exception {
        for (String[] wrong : new String[][] {
            {"{\"fileName\":\"\",\"size\":10}", "422"},
            {"{\"size\":10}", "422"},
            {"{\"fileName\":\"a.mp4\",\"size\":0}", "422"},
            {"{\"fileName\":\"a.mp4\"}", "422"},
            {"{\"fileName\":\"a.mp4\",\"size\":10,\"title\":\"" + "x".repeat(101) + "\"}", "422"},
            {"{\"fileName\":\"" + "x".repeat(256) + "\",\"size\":10}", "422"},
            {"{\"fileName\":\"a.mp4\",\"size\":70000000000}", "413"},
            {"{\"fileName\":\"a.mp4\",\"size\":\"many\"}", "400"}
        }) {
            site.perform(post(all)
                            .with(user(anna))
                            .with(csrf())
                            .contentType(MediaType.APPLICATION_JSON)
                            .content(wrong[0]))
                    .andExpect(status().is(Integer.parseInt(wrong[1])))
                    .andExpect(content().contentTypeCompatibleWith("application/problem+json"));
        }
        for (int i = 0; i < VideoUploads.MAX_OPEN; i++) {
            begun(100);
        }
        assertThatThrownBy(() -> begun(100)).satisfies(e -> assertThat(why(e)).isEqualTo(Why.MANY));
    }

    @Test
    void thereHasToBeRoom() {
        database.sql("insert into recording_usage (channel_id, bytes) values (?, ?)")
                .param(channel.id())
                .param(1L << 40)
                .update();
        settings.change(Setting.RECORDING_CHANNEL_QUOTA, "1", Actor.SITE);
        try {
            assertThatThrownBy(() -> begun(100))
                    .satisfies(e -> assertThat(why(e)).isEqualTo(Why.QUOTA));
        } finally {
            settings.change(Setting.RECORDING_CHANNEL_QUOTA, "", Actor.SITE);
        }
    }

    @Test
    void piecesThatAreTooLong() throws Exception {
        UploadView upload = begun(100);
        assertThatThrownBy(() -> uploads.append(upload, 0, new ByteArrayInputStream(new byte[101])))
                .satisfies(e -> assertThat(why(e)).isEqualTo(Why.PIECE));
        UploadView large = begun(40 << 20);
        assertThatThrownBy(
                        () -> uploads.append(large, 0, new ByteArrayInputStream(new byte[VideoUploads.MAX_PIECE + 1])))
                .satisfies(e -> assertThat(why(e)).isEqualTo(Why.PIECE));
        site.perform(patch(all + "/" + large.id())
                        .with(user(anna))
                        .with(csrf())
                        .contentType(PIECE)
                        .content(new byte[10]))
                .andExpect(status().isBadRequest());
        site.perform(piece(all + "/" + large.id(), new byte[10], 0, 10).contentType("text/plain"))
                .andExpect(status().isUnsupportedMediaType());
    }

    @Test
    void whatCameBeforeACutIsKept() throws IOException {
        UploadView upload = begun(1_000);
        InputStream broken = new InputStream() {
            private int left = 300;

            @Override
            public int read() throws IOException {
                if (left-- == 0) {
                    throw new IOException("cut");
                }
                return 7;
            }

            @Override
            public int read(byte[] into, int from, int most) throws IOException {
                into[from] = (byte) read();
                return 1;
            }
        };
        assertThat(uploads.append(upload, 0, broken).received()).isEqualTo(300);
        assertThat(now(upload).received()).isEqualTo(300);
        assertThat(Files.size(file(upload.id()))).isEqualTo(300);
    }

    /** The first one hangs on a dead connection; nobody waits for it. */
    @Test
    void theLaterOfTwoCounts() throws Exception {
        UploadView upload = begun(1_000);
        CountDownLatch reads = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        InputStream dead = new InputStream() {
            @Override
            public int read() {
                return 1;
            }

            @Override
            public int read(byte[] into, int from, int most) {
                reads.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return 10;
            }
        };
        CompletableFuture<UploadView> first = CompletableFuture.supplyAsync(() -> {
            try {
                return uploads.append(upload, 0, dead);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        reads.await();
        byte[] piece = new byte[500];
        Arrays.fill(piece, (byte) 9);
        assertThat(uploads.append(upload, 0, new ByteArrayInputStream(piece)).received())
                .isEqualTo(500);
        goOn.countDown();
        assertThatThrownBy(first::get)
                .isInstanceOf(ExecutionException.class)
                .satisfies(e -> assertThat(why(e.getCause())).isEqualTo(Why.OVERTAKEN));
        assertThat(now(upload).received()).isEqualTo(500);
        assertThat(Files.readAllBytes(file(upload.id()))).isEqualTo(piece);
    }

    /** Its connection breaks when all has come by another. */
    @Test
    void whoWasOvertakenTakesNothingAway() throws Exception {
        byte[] movie = movie();
        UploadView upload = begun(movie.length);
        CountDownLatch reads = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        InputStream dead = new InputStream() {
            @Override
            public int read() {
                return -1;
            }

            @Override
            public int read(byte[] into, int from, int most) throws IOException {
                reads.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IOException("cut");
            }
        };
        CompletableFuture<UploadView> first = CompletableFuture.supplyAsync(() -> {
            try {
                return uploads.append(upload, 0, dead);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        reads.await();
        uploads.append(upload, 0, new ByteArrayInputStream(movie));
        goOn.countDown();
        assertThatThrownBy(first::get)
                .isInstanceOf(ExecutionException.class)
                .satisfies(e -> assertThat(why(e.getCause())).isEqualTo(Why.OVERTAKEN));
        assertThat(over(upload).state()).isEqualTo(UploadView.State.DONE);
    }

    @Test
    void whatIsCancelledIsGone() throws Exception {
        UploadView upload = begun(1_000);
        uploads.append(upload, 0, new ByteArrayInputStream(new byte[500]));
        String address = all + "/" + upload.id();
        site.perform(delete(address).with(user(anna)).with(csrf())).andExpect(status().isNoContent());
        assertThat(Files.exists(file(upload.id()))).isFalse();
        site.perform(delete(address).with(user(anna)).with(csrf())).andExpect(status().isGone());
        site.perform(piece(address, new byte[1_000], 500, 600)).andExpect(status().isGone());
        assertThat(Files.exists(file(upload.id()))).isFalse();
    }

    @Test
    void aProcessThatDiedIsGoneOnWith() throws Exception {
        byte[] movie = movie();
        UploadView upload = begun(movie.length);
        Files.createDirectories(file(upload.id()).getParent());
        Files.write(file(upload.id()), movie);
        Path left = data.resolve("recordings").resolve("2026-11").resolve("AAAAAAAAAAA");
        Files.createDirectories(left);
        Files.writeString(left.resolve("a0-0.mp4"), "half");
        database.sql("""
                update recording_upload set received = bytes, state = 'IMPORTING', attempts = 1, recording = 'AAAAAAAAAAA',
                    folder = '2026-11/AAAAAAAAAAA' where public_id = ?
                """).param(upload.id()).update();
        imports.wake();
        assertThat(over(upload).state()).isEqualTo(UploadView.State.DONE);
        assertThat(Files.exists(left)).isFalse();
    }

    @Test
    void whatAProcessDiesOfIsGivenUp() throws Exception {
        UploadView upload = begun(10);
        database.sql(
                        "update recording_upload set received = bytes, state = 'IMPORTING', attempts = 3 where public_id = ?")
                .param(upload.id())
                .update();
        imports.wake();
        assertThat(over(upload).refusal()).isEqualTo("FAILED");
    }

    @Test
    void whatNobodyGoesOnWithIsRemoved() throws Exception {
        UploadView old = begun(1_000);
        uploads.append(old, 0, new ByteArrayInputStream(new byte[500]));
        UploadView fresh = begun(1_000);
        uploads.append(fresh, 0, new ByteArrayInputStream(new byte[500]));
        database.sql("update recording_upload set changed_at = now() - interval '25 h' where public_id = ?")
                .param(old.id())
                .update();
        Path orphan = Files.writeString(file("AAAAAAAAAAAAAAAAAAAAAA"), "of a channel that is no more");
        stale.run();
        assertThat(now(old).state()).isEqualTo(UploadView.State.CANCELLED);
        assertThat(now(fresh).state()).isEqualTo(UploadView.State.RECEIVING);
        assertThat(Files.exists(file(old.id()))).isFalse();
        assertThat(Files.exists(orphan)).isFalse();
        assertThat(Files.exists(file(fresh.id()))).isTrue();
    }

    @Test
    void onlyWhoRunsTheChannelUploads() throws Exception {
        UploadView upload = begun(1_000);
        AccountPrincipal helper = people.user();
        rooms.putModerator(channel.id(), helper.accountId(), ChatRight.ALL);
        for (AccountPrincipal other : List.of(people.user(), helper, people.account(Role.ADMIN))) {
            site.perform(get(all).with(user(other))).andExpect(status().isNotFound());
            site.perform(get(all + "/" + upload.id()).with(user(other))).andExpect(status().isNotFound());
            site.perform(delete(all + "/" + upload.id()).with(user(other)).with(csrf()))
                    .andExpect(status().isNotFound());
            // Nor by the way of a channel of their own.
            site.perform(get("/api/v1/channels/" + people.channel(other).name() + "/uploads/" + upload.id())
                            .with(user(other)))
                    .andExpect(status().isNotFound());
        }
    }

    @Test
    void thePageSaysWhatIsTaken() throws Exception {
        assertThat(site.perform(get("/studio/videos/upload").with(user(anna)))
                        .andExpect(status().isOk())
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .contains("<video-upload", "At most 21.5 GB", "<noscript>", "data-uploads=\"" + all + "\"");
        site.perform(get("/studio/videos").with(user(anna)))
                .andExpect(content().string(containsString("/studio/videos/upload")));
    }
}
