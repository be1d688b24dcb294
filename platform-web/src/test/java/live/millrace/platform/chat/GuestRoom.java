// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import live.millrace.platform.OpenedPage;
import live.millrace.platform.TestPeople.SignedUp;
import live.millrace.platform.audience.GuestList;
import live.millrace.platform.audience.Guests;
import live.millrace.platform.audience.Invitations;
import live.millrace.platform.audience.Invitations.Use;
import live.millrace.platform.audience.Invitations.Visitor;
import live.millrace.platform.audience.Invites;
import live.millrace.platform.audience.Invites.Made;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.chat.ChatSettings.Links;
import live.millrace.platform.chat.ChatSettings.Writers;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** A channel that is for invited people, its owner, and guests who came without an account. */
abstract class GuestRoom extends ModeratedRoom {
    @Autowired
    Invites invites;

    @Autowired
    Invitations invitations;

    @Autowired
    GuestList list;

    @Autowired
    Guests guests;

    SignedUp anna;
    String link;

    @BeforeEach
    void aClosedChannel() throws Exception {
        anna = person();
        channels.show(anna.channelId(), Visibility.INVITED);
        link = ((Made.Done) invites.make(
                        anna.channelId(),
                        new Invites.Wish("Class 7b", 20, Instant.now().plus(Duration.ofDays(1)), true, true)))
                .secret();
    }

    /** Somebody without an account. */
    record Came(String secret, long id) {
        String handle() {
            return "guest:" + id;
        }
    }

    Came come(String name) {
        Use.Welcome welcome = (Use.Welcome) invitations.use(link, new Visitor(null, ""), name);
        String secret = Objects.requireNonNull(welcome.cookie());
        return new Came(
                secret,
                Objects.requireNonNull(guests.ofBrowser(secret).get(anna.channelId()))
                        .id());
    }

    OpenedPage page(Came guest, SignedUp in) {
        OpenedPage page = OpenedPage.ofGuest(client, port, guest.secret());
        open.add(page);
        page.join(in.topic());
        page.waitFor(message -> is(message, "history"));
        return page;
    }

    void rules(Writers writers, Links links, boolean guestsWrite) {
        rooms.change(anna.channelId(), new ChatSettings(writers, 0, 0, links, false, guestsWrite));
    }

    static JsonNode line(OpenedPage page, long seq) {
        return page.waitFor(message -> (is(message, "messages") || is(message, "history"))
                        && message.path("messages")
                                .valueStream()
                                .anyMatch(one -> one.path("seq").asLong() == seq))
                .path("messages")
                .valueStream()
                .filter(one -> one.path("seq").asLong() == seq)
                .findFirst()
                .orElseThrow();
    }

    static boolean gone(OpenedPage page, long seq) {
        return page.told.stream()
                .anyMatch(message -> is(message, "removed")
                        && message.path("seqs").valueStream().anyMatch(one -> one.asLong() == seq));
    }
}
