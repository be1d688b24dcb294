// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import static live.millrace.platform.TestPictures.png;
import static live.millrace.platform.TestPictures.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.List;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** The emotes of a channel. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class OwnEmotesTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private ChatRooms rooms;

    @Test
    void aChannelHasEmotesOfItsOwn() throws Exception {
        AccountPrincipal anna = people.user();
        site.perform(upload("/studio/chat/emotes", png(300, 200))
                        .param("code", ":Tea:")
                        .with(user(anna))
                        .with(csrf()))
                .andExpect(redirectedUrl("/studio/chat?saved#emotes"));
        Emote tea = rooms.ownEmotes(people.channel(anna).id()).getFirst();
        assertThat(tea.code()).isEqualTo("tea");
        site.perform(get(tea.src())).andExpect(status().isOk());
        // The site's own cannot be taken, and a code is letters and digits.
        for (String code : List.of("wave", "a", "x y", "../x")) {
            site.perform(upload("/studio/chat/emotes", png(30, 30))
                            .param("code", code)
                            .with(user(anna))
                            .with(csrf()))
                    .andExpect(status().isUnprocessableContent());
        }
        site.perform(post("/studio/chat/emotes/remove")
                .param("code", "tea")
                .with(user(anna))
                .with(csrf()));
        assertThat(rooms.ownEmotes(people.channel(anna).id())).isEmpty();
        site.perform(get(tea.src())).andExpect(status().isNotFound());
    }
}
