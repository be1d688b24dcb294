// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.writing;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.AddressBans;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.room.ChatEvents.Refused;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.springframework.stereotype.Component;

/** Who may write in a room, whatever they write. Thread-safe. */
@Component
public class WriterPolicy {
    /** Nobody writes here; also for whoever may not know that others do. */
    static final Refused CLOSED = Refused.because("off");

    private final Follows follows;
    private final AddressBans addresses;
    private final MailLinks mail;
    private final SiteSettings settings;

    WriterPolicy(Follows follows, AddressBans addresses, MailLinks mail, SiteSettings settings) {
        this.follows = follows;
        this.addresses = addresses;
        this.mail = mail;
        this.settings = settings;
    }

    /** What keeps somebody from writing at all, moderators too. */
    public Optional<Refused> barred(
            Room room, AccountPrincipal principal, AccountView account, String remote, Instant now) {
        return account.suspended()
                ? Optional.of(Refused.because("suspended"))
                : barred(room, new Talker.Person(account.id()), principal.staff(), remote, now);
    }

    /** What keeps a guest without an account from writing at all. */
    public Optional<Refused> barred(Room room, Talker.Invited guest, String remote, Instant now) {
        return barred(room, guest, false, remote, now);
    }

    private Optional<Refused> barred(Room room, Talker talker, boolean staff, String remote, Instant now) {
        if (room.sanction(talker, now).isPresent()) {
            return Optional.of(Refused.because("banned"));
        }
        if (!staff) {
            if (addresses.banned(remote)) {
                return Optional.of(Refused.because("address"));
            }
            if (settings.text(Setting.MAINTENANCE).equals("on")) {
                return Optional.of(Refused.because("maintenance"));
            }
        }
        return Optional.empty();
    }

    /** Whom the room's rules, or its shield, do not let write now. */
    public Optional<Refused> notHere(Room room, AccountView account, Instant now) {
        ChatSettings rules = room.settings();
        Optional<Refused> refused = switch (rules.writers()) {
            case NOBODY -> Optional.of(CLOSED);
            case VERIFIED -> account.verified() ? Optional.empty() : Optional.of(Refused.because("verified"));
            case FOLLOWERS -> notFollowing(room, account, now);
            case EVERYONE -> Optional.empty();
        };
        if (refused.isPresent() || !room.shield().up(now)) {
            return refused;
        }
        int hours = room.shield().hours();
        if (account.createdAt().isAfter(now.minus(Duration.ofHours(hours)))) {
            return Optional.of(new Refused("shield", 0, hours));
        }
        return mail.available() && !account.verified() ? Optional.of(Refused.because("verified")) : Optional.empty();
    }

    /**
     * Whether the room's rules, or its shield, do not let guests without an account write now. While the shield is up they are as good as
     * new: nobody knows for how long they have been who they are.
     */
    public static Optional<Refused> guestsNotHere(Room room, Instant now) {
        ChatSettings rules = room.settings();
        if (rules.writers() == ChatSettings.Writers.NOBODY) {
            return Optional.of(CLOSED);
        }
        if (rules.writers() != ChatSettings.Writers.EVERYONE || !rules.guests()) {
            return Optional.of(Refused.because("guests"));
        }
        return room.shield().up(now) ? Optional.of(Refused.because("guests-shield")) : Optional.empty();
    }

    private Optional<Refused> notFollowing(Room room, AccountView account, Instant now) {
        int minutes = room.settings().followMinutes();
        Optional<Instant> since = follows.since(account.id(), room.channel().id());
        if (since.isEmpty()) {
            return Optional.of(new Refused("followers", 0, minutes));
        }
        Instant from = since.get().plus(Duration.ofMinutes(minutes));
        return from.isAfter(now)
                ? Optional.of(new Refused(
                        "followers-wait", Duration.between(now, from).toMillis(), minutes))
                : Optional.empty();
    }
}
