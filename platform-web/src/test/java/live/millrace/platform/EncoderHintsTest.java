// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.UUID;
import live.millrace.media.amf.Amf0Writer;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.live.Broadcasting;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** What the studio says of an encoder whose media not everybody can play. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class EncoderHintsTest {
    /** High 4:4:4 Predictive, as x264 wrote it. */
    private static final String FULL_COLOUR_SPS = "67f4000c919b282833f1b808800000030080000019078a14cb";

    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Channels channels;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private Broadcasting broadcasting;

    @Autowired
    private Engine engine;

    private AccountPrincipal account() {
        String name = "h"
                + UUID.randomUUID()
                        .toString()
                        .replace("-", "")
                        .replaceAll("[01]", "x")
                        .substring(0, 15);
        return ((Registration.Done) accounts.register(name, name + "@example.org", "three quiet herons", Role.USER))
                .principal();
    }

    private RtmpScript publisher(AccountPrincipal owner) throws Exception {
        String key = keys.create(channels.ofAccount(owner.accountId()).id(), "home PC")
                .orElseThrow()
                .secret();
        RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live");
        assertThat(encoder.publish(key)).isEqualTo("NetStream.Publish.Start");
        return encoder;
    }

    @Test
    void whatPhonesDoNotPlayIsAHintAndWhatNobodyGetsIsNamed() throws Exception {
        AccountPrincipal anna = account();
        try (RtmpScript encoder = publisher(anna)) {
            encoder.send(4, 9, 1, 0, SampleMedia.videoHeader(FULL_COLOUR_SPS));
            MediaScript media = new MediaScript(encoder);
            for (int i = 0; i < 350; i++) {
                media.run(40, true, false);
                encoder.send(5, 8, 1, i * 40L, Unpooled.buffer().writeByte(0xB6).writeZero(20));
            }
            encoder.sync();
            site.perform(get("/studio/connect").with(user(anna)))
                    .andExpect(content().string(containsString("<span>Most phones can’t play your video: its colour")))
                    .andExpect(content().string(containsString("Speex isn’t supported. Choose AAC.</span>")))
                    .andExpect(content().string(containsString("<dt>Packets of unsupported codecs, dropped</dt>")));
        }
    }

    @Test
    void aBroadcastWithoutMediaIsNamedInTheConnectionLog() throws Exception {
        AccountPrincipal anna = account();
        try (RtmpScript encoder = publisher(anna)) {
            encoder.awaitClose();
        }
        long channel = channels.ofAccount(anna.accountId()).id();
        Wait.until(
                "the log knows",
                () -> broadcasting.attempts(channel, "127.0.0.1").stream()
                        .anyMatch(attempt -> "NO_MEDIA".equals(attempt.cause())));
        site.perform(get("/studio/connect").with(user(anna)))
                .andExpect(content()
                        .string(containsString(
                                "<span>Disconnected: no audio or video arrived in a form that is known.")));
    }

    @Test
    void theProgramIsCalledAsItsMediaSayAndTheBroadcastAsItWasCalledLast() throws Exception {
        AccountPrincipal anna = account();
        long channel = channels.ofAccount(anna.accountId()).id();
        try (RtmpScript encoder = publisher(anna)) {
            ByteBuf metadata = Unpooled.buffer();
            Amf0Writer.writeAll(
                    metadata,
                    List.of(
                            AmfValue.of("@setDataFrame"),
                            AmfValue.of("onMetaData"),
                            AmfValue.object(
                                    "encoder", AmfValue.of("obs-output module (libobs version 30.1.2)"),
                                    "width", AmfValue.of(640))));
            encoder.send(4, 18, 1, 0, metadata);
            new MediaScript(encoder).headers().both(6);
            encoder.sync();
            Wait.until(
                    "it is on air",
                    () -> engine.live(anna.getUsername())
                            .filter(view -> view.state() == LiveState.LIVE)
                            .isPresent());
            site.perform(get("/studio").with(user(anna)))
                    .andExpect(content().string(containsString("data-fact=\"encoder\">OBS Studio 30.1<")))
                    .andExpect(content().string(containsString("data-src=\"http://")))
                    .andExpect(content().string(containsString("End the stream of " + anna.getUsername() + "?")));
            Wait.until(
                    "the key knows",
                    () -> "obs-output module (libobs version 30.1.2)"
                            .equals(keys.ofChannel(channel).getFirst().lastEncoder()));
            site.perform(post("/studio/info")
                            .param("title", "Said later")
                            .with(csrf())
                            .with(user(anna)))
                    .andExpect(redirectedUrl("/studio?saved#info"));
        }
        engine.end(anna.getUsername());
        Wait.until(
                "it is over",
                () -> !broadcasting
                        .past(channels.ofAccount(anna.accountId()), 1)
                        .isEmpty());
        assertThat(broadcasting
                        .past(channels.ofAccount(anna.accountId()), 1)
                        .getFirst()
                        .title())
                .isEqualTo("Said later");
    }
}
