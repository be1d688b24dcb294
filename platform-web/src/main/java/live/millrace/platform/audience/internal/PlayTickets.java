// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.ChannelPasswords;
import live.millrace.platform.audience.Guest;
import live.millrace.platform.audience.Guests;
import live.millrace.platform.audience.PlayerAddress;
import live.millrace.platform.audience.RecordedVisibility;
import live.millrace.platform.audience.Tickets;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.audience.WatchingNow;
import live.millrace.platform.audience.internal.PlayTicket.Bearer;
import live.millrace.platform.audience.internal.PlayTicket.Named;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.PlayQuestion;
import live.millrace.platform.engine.TicketUse;
import live.millrace.platform.shared.Secrets;
import live.millrace.platform.socket.PageSockets;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Tickets in memory, where the engine's questions are answered from, and in the database. Thread-safe. */
@Component
class PlayTickets implements Tickets, WatchingNow, InitializingBean {
    private static final int BYTES = 16;

    /** Of one person and channel: pages that are open, or were a moment ago. */
    private static final int MOST_PAGES = 50;

    /** For players elsewhere, of a channel and all who said its password and nothing else of themselves. */
    private static final int MOST_STRANGERS = 200;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final TicketRows rows;
    private final Audience audience;
    private final Guests guests;
    private final ChannelPasswords passwords;
    private final Channels channels;
    private final Accounts accounts;
    private final ObjectProvider<RecordedVisibility> recordings;
    private final ObjectProvider<Engine> engine;
    private final PageSockets sockets;
    private final Clock clock;

    private final Map<String, PlayTicket> alive = new ConcurrentHashMap<>();

    PlayTickets(
            TicketRows rows,
            Audience audience,
            Guests guests,
            ChannelPasswords passwords,
            Channels channels,
            Accounts accounts,
            ObjectProvider<RecordedVisibility> recordings,
            ObjectProvider<Engine> engine,
            PageSockets sockets,
            Clock clock) {
        this.rows = rows;
        this.audience = audience;
        this.guests = guests;
        this.passwords = passwords;
        this.channels = channels;
        this.accounts = accounts;
        this.recordings = recordings;
        this.engine = engine;
        this.sockets = sockets;
        this.clock = clock;
    }

    /** Those of the process before: its pages come back, its players go on. */
    @Override
    public void afterPropertiesSet() {
        rows.all(clock.instant()).forEach(ticket -> alive.put(ticket.hash, ticket));
    }

    static String hash(String secret) {
        return HexFormat.of().formatHex(Secrets.hash(secret));
    }

    private static String fresh() {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    @Override
    public String issue(ChannelView channel, Viewer viewer) {
        String secret = fresh();
        Instant now = clock.instant();
        Bearer bearer = bearer(channel, viewer);
        if (bearer.known()) {
            makeRoom(channel.id(), bearer);
        }
        rows.insert(hash(secret), channel.id(), bearer, now, null, null);
        alive.put(hash(secret), new PlayTicket(hash(secret), channel.id(), bearer, null, now));
        return secret;
    }

    /** Somebody who loads a page again and again leaves no more than the last ones. */
    private void makeRoom(long channelId, Bearer bearer) {
        List<PlayTicket> theirs = alive.values().stream()
                .filter(ticket -> ticket.named == null && ticket.channelId == channelId && ticket.bearer.equals(bearer))
                .sorted(Comparator.comparing(PlayTicket::seenAt))
                .toList();
        if (theirs.size() >= MOST_PAGES) {
            drop(theirs.subList(0, theirs.size() - MOST_PAGES + 1));
        }
    }

    private Bearer bearer(ChannelView channel, Viewer viewer) {
        AccountPrincipal person = viewer.person();
        OptionalInt version =
                viewer.unlocked().contains(channel.id()) ? passwords.version(channel.id()) : OptionalInt.empty();
        return new Bearer(
                person == null ? null : person.accountId(),
                Optional.ofNullable(viewer.guests().get(channel.id()))
                        .map(Guest::id)
                        .orElse(null),
                version.isPresent() ? version.getAsInt() : null);
    }

    // ---- for players elsewhere --------------------------------------------------------------------------------

    @Override
    public synchronized Optional<String> issue(ChannelView channel, Viewer viewer, String name) {
        Bearer bearer = bearer(channel, viewer);
        long theirs = named(channel.id())
                .filter(ticket -> ticket.bearer.equals(bearer))
                .count();
        if (theirs >= (bearer.known() ? MOST_PLAYERS : MOST_STRANGERS)) {
            return Optional.empty();
        }
        String secret = fresh();
        Instant now = clock.instant();
        Instant until = now.plus(PLAYER);
        long id = rows.insert(hash(secret), channel.id(), bearer, now, name, until);
        alive.put(hash(secret), new PlayTicket(hash(secret), channel.id(), bearer, new Named(id, name, until), now));
        return Optional.of(secret);
    }

    private Stream<PlayTicket> named(long channelId) {
        return alive.values().stream().filter(ticket -> ticket.named != null && ticket.channelId == channelId);
    }

    @Override
    public List<PlayerAddress> players(long channelId) {
        Set<String> used =
                engine.getObject().tickets().stream().map(TicketUse::ticket).collect(Collectors.toSet());
        List<PlayerAddress> players = new ArrayList<>();
        named(channelId).forEach(ticket -> {
            Named named = ticket.named;
            if (named != null) {
                players.add(new PlayerAddress(
                        named.id(), named.name(), name(ticket), named.until(), used.contains(ticket.hash)));
            }
        });
        players.sort(Comparator.comparingLong(PlayerAddress::id).reversed());
        return players;
    }

    private String name(PlayTicket ticket) {
        Viewer viewer = viewer(ticket);
        AccountPrincipal person = viewer.person();
        return person != null
                ? person.getUsername()
                : viewer.guests().values().stream().map(Guest::name).findFirst().orElse("");
    }

    @Override
    public boolean revoke(long channelId, long id) {
        List<PlayTicket> gone = named(channelId)
                .filter(ticket -> ticket.named != null && ticket.named.id() == id)
                .toList();
        drop(gone);
        return !gone.isEmpty();
    }

    /** Takes back those for players elsewhere of a channel: what they were let in for is over. */
    void dropPlayers(long channelId) {
        drop(named(channelId).toList());
    }

    private void drop(List<PlayTicket> gone) {
        Set<String> hashes = gone.stream().map(ticket -> ticket.hash).collect(Collectors.toSet());
        hashes.forEach(alive::remove);
        rows.remove(gone);
        if (!hashes.isEmpty()) {
            engine.getObject().reviewTickets(hashes::contains);
            // Their pages come back, hear that the ticket is dead, and load anew.
            sockets.topics(TOPIC).stream()
                    .filter(topic -> hashes.contains(hash(topic.substring(TOPIC.length()))))
                    .forEach(topic -> sockets.renew(topic, _ -> true));
        }
    }

    /** Takes back all that somebody has: whoever was in their account may be somebody else. */
    void dropOf(long accountId) {
        drop(alive.values().stream()
                .filter(ticket -> Objects.equals(ticket.bearer.accountId(), accountId))
                .toList());
    }

    // ---- kept by pages ----------------------------------------------------------------------------------------

    /** Whether a page may keep a ticket alive; notes that it does. */
    boolean keep(String secret) {
        PlayTicket ticket = alive.get(hash(secret));
        if (ticket == null) {
            return false;
        }
        ticket.seen(clock.instant());
        return true;
    }

    // ---- what the engine asks ---------------------------------------------------------------------------------

    boolean mayPlay(PlayQuestion question) {
        PlayTicket ticket = alive.get(question.ticket());
        ChannelView channel =
                ticket == null ? null : channels.find(ticket.channelId).orElse(null);
        if (ticket == null || channel == null) {
            return false;
        }
        Viewer viewer = viewer(ticket);
        boolean may = question.channel().isPresent()
                ? question.channel().get().equalsIgnoreCase(channel.name())
                        && audience.access(channel, viewer).open()
                : question.recording()
                        .flatMap(recording -> recordings.getObject().of(recording))
                        .filter(of -> of.channelId() == channel.id())
                        .filter(of -> mayPlay(channel, of, viewer))
                        .isPresent();
        if (may) {
            guests.came(channel.id(), viewer);
        }
        return may;
    }

    private boolean mayPlay(ChannelView channel, RecordedVisibility.Of recorded, Viewer viewer) {
        Long maker = recorded.maker();
        return (maker != null && viewer.account().equals(OptionalLong.of(maker)))
                || audience.access(channel, recorded.visibility(), viewer).open();
    }

    /** Who they are now. */
    private Viewer viewer(PlayTicket ticket) {
        Long accountId = ticket.bearer.accountId();
        Long guestId = ticket.bearer.guestId();
        Integer password = ticket.bearer.password();
        return new Viewer(
                accountId == null ? null : person(accountId),
                guestId == null
                        ? Map.of()
                        : guests.find(guestId)
                                .filter(guest -> guest.channelId() == ticket.channelId)
                                .map(guest -> Map.of(ticket.channelId, guest))
                                .orElse(Map.of()),
                password != null && passwords.version(ticket.channelId).orElse(0) == password
                        ? Set.of(ticket.channelId)
                        : Set.of());
    }

    private @Nullable AccountPrincipal person(long accountId) {
        return accounts.find(accountId)
                .filter(account -> !account.suspended())
                .map(account ->
                        new AccountPrincipal(account.id(), account.username(), account.role(), false, true, null))
                .orElse(null);
    }

    // ---- life -------------------------------------------------------------------------------------------------

    @Override
    public Set<Long> guests(long channelId) {
        return engine.getObject().tickets().stream()
                .map(use -> alive.get(use.ticket()))
                .filter(Objects::nonNull)
                .filter(ticket -> ticket.channelId == channelId)
                .flatMap(ticket -> guests.of(channelId, viewer(ticket)).stream())
                .map(Guest::id)
                .collect(Collectors.toSet());
    }

    /** Notes which are used, and lets those go that nobody does. */
    @Scheduled(fixedDelay = 10_000)
    void sweep() {
        Instant now = clock.instant();
        for (TicketUse use : engine.getObject().tickets()) {
            PlayTicket ticket = alive.get(use.ticket());
            if (ticket != null) {
                ticket.seen(now);
            }
        }
        sockets.topics(TOPIC).forEach(topic -> keep(topic.substring(TOPIC.length())));
        List<PlayTicket> dead =
                alive.values().stream().filter(ticket -> !ticket.alive(now)).toList();
        rows.remove(dead);
        dead.forEach(ticket -> alive.remove(ticket.hash));
    }

    /** The channel of a ticket that is alive. */
    Optional<Long> channel(String hash) {
        return Optional.ofNullable(alive.get(hash)).map(ticket -> ticket.channelId);
    }

    /** Whether a ticket is of a channel, and borne by one of these. A dead one is anybody's. */
    boolean of(String hash, long channelId, Predicate<Bearer> bearers) {
        PlayTicket ticket = alive.get(hash);
        return ticket == null || (ticket.channelId == channelId && bearers.test(ticket.bearer));
    }

    /** Whether a ticket is somebody's. A dead one is anybody's. */
    boolean of(String hash, long accountId) {
        PlayTicket ticket = alive.get(hash);
        return ticket == null || Objects.equals(ticket.bearer.accountId(), accountId);
    }
}
