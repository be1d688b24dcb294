// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;

import java.util.List;
import java.util.regex.Pattern;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.audience.Tickets;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.ExtraChannels;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.FetchTrial;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** A site whose engine fetches nothing, and somebody with a channel. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
@Import(FakeStreams.InPlace.class)
abstract class CameraSite {
    static final String ADDRESS = "rtsp://admin:ge%40heim@192.168.1.20/stream1";
    static final Pattern DRAFT = Pattern.compile("name=\"draft\" value=\"([^\"]+)\"");

    @Autowired
    MockMvc site;

    @Autowired
    TestPeople people;

    @Autowired
    FakeStreams streams;

    @Autowired
    Cameras cameras;

    @Autowired
    CameraRights rights;

    @Autowired
    Channels channels;

    @Autowired
    ExtraChannels extra;

    @Autowired
    Accounts accounts;

    @Autowired
    Tickets tickets;

    @Autowired
    Broadcasting broadcasting;

    @Autowired
    SiteSettings settings;

    @Autowired
    JdbcClient database;

    @Autowired
    ApplicationEventPublisher events;

    AccountPrincipal anna;
    ChannelView channel;

    @BeforeEach
    void somebody() {
        anna = people.user();
        channel = people.channel(anna);
        streams.answers(new FetchTrial(null, List.of("H.264"), List.of(), null));
    }

    @AfterEach
    void back() {
        settings.change(Setting.CAMERAS, "", Actor.SITE);
    }

    MockHttpServletResponse saved(AccountPrincipal who, String body) throws Exception {
        return site.perform(put("/api/v1/channels/" + channel.name() + "/source")
                        .with(user(who))
                        .with(csrf())
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(body))
                .andReturn()
                .getResponse();
    }

    void save() throws Exception {
        assertThat(saved(anna, "{\"url\": \"" + ADDRESS + "\", \"mode\": \"on-demand\"}")
                        .getStatus())
                .isEqualTo(200);
    }

    MockHttpServletResponse asked(AccountPrincipal who, String address) throws Exception {
        return site.perform(get(address).with(user(who))).andReturn().getResponse();
    }
}
