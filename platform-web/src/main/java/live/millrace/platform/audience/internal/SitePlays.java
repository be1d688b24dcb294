// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import live.millrace.platform.account.AccountSuspended;
import live.millrace.platform.account.PasswordChanged;
import live.millrace.platform.account.PasswordReset;
import live.millrace.platform.account.RoleChanged;
import live.millrace.platform.account.SessionsEnded;
import live.millrace.platform.audience.AudienceChanged;
import live.millrace.platform.audience.GuestNamed;
import live.millrace.platform.audience.GuestRemoved;
import live.millrace.platform.audience.TicketSpread;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.audience.internal.PlayTicket.Bearer;
import live.millrace.platform.channel.ChannelRemoved;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.ChannelVisibilityChanged;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.FollowersChanged;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.PlayAuthorization;
import live.millrace.platform.engine.PlayQuestion;
import live.millrace.platform.socket.Page;
import live.millrace.platform.socket.PageSockets;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Answers the engine, and has it ask anew when somebody's rights changed: once that stands, whoever may not watch any more is cut off within
 * the time that the questions take. Open pages of the channel come back as who they are then. Thread-safe.
 */
@Component
class SitePlays implements PlayAuthorization, InitializingBean {
    private static final String CHANNEL = "channel:";
    private static final String CHAT = "chat:";

    private final PlayTickets tickets;
    private final Channels channels;
    private final ObjectProvider<Engine> engine;
    private final PageSockets sockets;
    private final JdbcClient database;
    private final ApplicationEventPublisher events;

    /** Channels whose owner was told not long ago that a ticket went round. */
    private final Cache<Long, Boolean> told = Caffeine.newBuilder()
            .expireAfterAccess(Duration.ofHours(1))
            .maximumSize(10_000)
            .build();

    /** Names of channels that are not for everybody, in any capitals. Replaced, never changed. */
    private volatile Set<String> limited = names();

    SitePlays(
            PlayTickets tickets,
            Channels channels,
            ObjectProvider<Engine> engine,
            PageSockets sockets,
            JdbcClient database,
            ApplicationEventPublisher events) {
        this.tickets = tickets;
        this.channels = channels;
        this.engine = engine;
        this.sockets = sockets;
        this.database = database;
        this.events = events;
    }

    private static Set<String> names() {
        return new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    }

    @Override
    public void afterPropertiesSet() {
        load();
    }

    private synchronized void load() {
        Set<String> read = names();
        read.addAll(database.sql("select name from channel where visibility not in ('PUBLIC', 'UNLISTED')")
                .query(String.class)
                .list());
        limited = Collections.unmodifiableSet(read);
    }

    @Override
    public boolean isPublic(String channel) {
        return !limited.contains(channel);
    }

    @Override
    public boolean mayPlay(PlayQuestion question) {
        return tickets.mayPlay(question);
    }

    /** The owner is told, however often it happens, once within the hour. */
    @Override
    public void spread(String ticket) {
        tickets.channel(ticket)
                .filter(this::newlySpread)
                .ifPresent(channelId -> events.publishEvent(new TicketSpread(channelId)));
    }

    private synchronized boolean newlySpread(long channelId) {
        boolean known = told.getIfPresent(channelId) != null;
        told.put(channelId, true);
        return !known;
    }

    // ---- what changes -----------------------------------------------------------------------------------------

    @TransactionalEventListener
    void on(ChannelVisibilityChanged event) {
        load();
        engine.getObject().reviewTickets(hash -> tickets.of(hash, event.channelId(), _ -> true));
        engine.getObject().reviewChannel(event.name());
        renew(event.name(), _ -> true);
    }

    @TransactionalEventListener
    void on(ChannelRemoved event) {
        load();
    }

    @TransactionalEventListener
    void on(AudienceChanged event) {
        Long accountId = event.accountId();
        review(
                event.channelId(),
                bearer -> accountId == null || accountId.equals(bearer.accountId()),
                viewer -> accountId == null || viewer.account().equals(OptionalLong.of(accountId)));
    }

    @TransactionalEventListener
    void on(GuestNamed event) {
        on(new AudienceChanged(event.channelId(), event.accountId()));
    }

    @TransactionalEventListener
    void on(GuestRemoved event) {
        review(
                event.channelId(),
                // Of one who has an account the ticket says that alone.
                bearer -> bearer.guestId() == null || bearer.guestId() == event.guestId(),
                viewer -> viewer.person() != null
                        || Optional.ofNullable(viewer.guests().get(event.channelId()))
                                .filter(guest -> guest.id() == event.guestId())
                                .isPresent());
    }

    @TransactionalEventListener
    void on(FollowersChanged event) {
        review(
                event.channelId(),
                bearer -> Objects.equals(bearer.accountId(), event.accountId()),
                viewer -> viewer.account().equals(OptionalLong.of(event.accountId())));
    }

    @TransactionalEventListener
    void on(PasswordChanged event) {
        tickets.dropOf(event.accountId());
    }

    @TransactionalEventListener
    void on(PasswordReset event) {
        tickets.dropOf(event.accountId());
    }

    @TransactionalEventListener
    void on(SessionsEnded event) {
        tickets.dropOf(event.accountId());
    }

    @TransactionalEventListener
    void on(AccountSuspended event) {
        engine.getObject().reviewTickets(hash -> tickets.of(hash, event.accountId()));
    }

    @TransactionalEventListener
    void on(RoleChanged event) {
        engine.getObject().reviewTickets(hash -> tickets.of(hash, event.accountId()));
    }

    /** Of a channel that is for everybody there may be videos that are not: whoever watches those by a ticket is asked about as well. */
    private void review(long channelId, Predicate<Bearer> bearers, Predicate<Viewer> viewers) {
        engine.getObject().reviewTickets(hash -> tickets.of(hash, channelId, bearers));
        channels.find(channelId)
                .filter(channel -> !channel.visibility().open())
                .map(ChannelView::name)
                .ifPresent(name -> renew(name, viewers));
    }

    private void renew(String name, Predicate<Viewer> viewers) {
        Predicate<Page> pages = page -> viewers.test(Viewers.of(page));
        sockets.renew(CHANNEL + name, pages);
        sockets.renew(CHAT + name, pages);
    }
}
