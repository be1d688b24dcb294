// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.account.SiteMail;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.delivery.Delivery;
import live.millrace.platform.delivery.DeliveryHandler;
import live.millrace.platform.delivery.Outcome;
import live.millrace.platform.shared.Secrets;
import live.millrace.platform.shared.SiteName;
import org.springframework.context.MessageSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes to whom somebody put onto a list by their mail address. The link is made when the mail is sent, so that no secret waits; when it is
 * sent again, the one before is worth nothing any more. What language its reader speaks nobody knows: it is in both.
 */
@Component
class InvitationMail implements DeliveryHandler {
    static final String KIND = "mail.invitation";
    static final Duration VALID = Duration.ofDays(30);

    private static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.SIMPLIFIED_CHINESE);

    record Mail(long guest, String language) {}

    private record Addressee(long channelId, String mail) {}

    private final JdbcClient database;
    private final SiteMail mail;
    private final Channels channels;
    private final MessageSource texts;
    private final SiteName site;
    private final TransactionTemplate transaction;
    private final Clock clock;

    InvitationMail(
            JdbcClient database,
            SiteMail mail,
            Channels channels,
            MessageSource texts,
            SiteName site,
            TransactionTemplate transaction,
            Clock clock) {
        this.database = database;
        this.mail = mail;
        this.channels = channels;
        this.texts = texts;
        this.site = site;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** The server may be slow. */
    @Override
    public boolean inDatabase() {
        return false;
    }

    @Override
    public Outcome deliver(Delivery delivery) {
        long guest = delivery.body().path("guest").asLong();
        Optional<Addressee> to = waiting(guest);
        Optional<ChannelView> channel = to.flatMap(found -> channels.find(found.channelId()));
        if (to.isEmpty() || channel.isEmpty()) {
            return Outcome.GONE;
        }
        if (!mail.available()) {
            return new Outcome.Later("no mail server is set");
        }
        String secret = Secrets.make();
        if (!Boolean.TRUE.equals(transaction.execute(_ -> link(guest, to.get().channelId(), Secrets.hash(secret))))) {
            return Outcome.GONE;
        }
        Locale first = Locale.forLanguageTag(delivery.body().path("language").asString());
        Locale second = first.getLanguage().equals(LANGUAGES.getFirst().getLanguage())
                ? LANGUAGES.getLast()
                : LANGUAGES.getFirst();
        Object[] words = {channel.get().displayName(), mail.origin() + "/i/" + secret, site.siteName()};
        return mail.send(
                delivery,
                to.get().mail(),
                texts.getMessage("invite.mail.subject", words, first),
                texts.getMessage("invite.mail.text", words, first)
                        + "\n"
                        + texts.getMessage("invite.mail.text", words, second),
                first);
    }

    private Optional<Addressee> waiting(long guest) {
        return database.sql("""
                select channel_id, mail from audience_guest
                where id = ? and removed_at is null and mail is not null and account_id is null and browser_hash is null
                """)
                .param(guest)
                .query((row, _) -> new Addressee(row.getLong(1), row.getString(2)))
                .optional();
    }

    /** Makes their link in place of one before; the link's row first, as whoever comes by it takes it. Answers whether they still wait. */
    private boolean link(long guest, long channelId, byte[] hash) {
        Optional<Long> before = database.sql("""
                select id from audience_invite where mailed and id = (select invite_id from audience_guest where id = ?) for update
                """).param(guest).query(Long.class).optional();
        Instant now = clock.instant();
        long invite = database.sql("""
                insert into audience_invite
                    (channel_id, label, secret_hash, uses, asks_name, without_account, mailed, made_at, expires_at)
                values (?, '', ?, 1, true, true, true, ?, ?) returning id
                """)
                .param(channelId)
                .param(hash)
                .param(Timestamp.from(now))
                .param(Timestamp.from(now.plus(VALID)))
                .query(Long.class)
                .single();
        boolean waits = database.sql("""
                update audience_guest set invite_id = ?
                where id = ? and removed_at is null and account_id is null and browser_hash is null
                """).param(invite).param(guest).update() > 0;
        long useless = waits ? before.orElse(0L) : invite;
        database.sql("delete from audience_invite where id = ?").param(useless).update();
        return waits;
    }
}
