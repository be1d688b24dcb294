// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountRegistered;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.UsernameRules;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.ChatOrder;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.chat.StoredComment;
import live.millrace.platform.chat.internal.Act.Kind;
import live.millrace.platform.chat.internal.OrderStore.Target;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.shared.AfterCommit;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import live.millrace.platform.socket.PageSockets;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Keeps order in rooms: what is done is stored with who did it in one transaction that holds the room, then told to every open page.
 * Much of it can be undone by its author for some seconds, see {@link RoomUndo}.
 */
@Service
class RoomOrder implements ChatOrder {
    private static final Duration LONGEST = Duration.ofDays(365);

    private static final int MAX_REASON = 300;

    private final LiveRooms rooms;
    private final OrderStore store;
    private final RoomLedger ledger;
    private final RoomShield shield;
    private final Accounts accounts;
    private final Channels channels;
    private final UndoStore undoing;
    private final RoomUndo undo;
    private final PageSockets sockets;
    private final ObjectProvider<Engine> engine;
    private final Audit audit;
    private final SiteSettings settings;
    private final AfterCommit afterCommit;
    private final Clock clock;

    RoomOrder(
            LiveRooms rooms,
            OrderStore store,
            RoomLedger ledger,
            RoomShield shield,
            Accounts accounts,
            Channels channels,
            UndoStore undoing,
            RoomUndo undo,
            PageSockets sockets,
            ObjectProvider<Engine> engine,
            Audit audit,
            SiteSettings settings,
            AfterCommit afterCommit,
            Clock clock) {
        this.rooms = rooms;
        this.store = store;
        this.ledger = ledger;
        this.shield = shield;
        this.accounts = accounts;
        this.channels = channels;
        this.undoing = undoing;
        this.undo = undo;
        this.sockets = sockets;
        this.engine = engine;
        this.audit = audit;
        this.settings = settings;
        this.afterCommit = afterCommit;
        this.clock = clock;
    }

    // ---- acting -----------------------------------------------------------------------------------------------

    /**
     * Does what somebody wants. The room is loaded before: whoever waits for it holds no connection.
     *
     * @throws NotDoneException when it cannot be, or this person may not
     */
    @Transactional(rollbackFor = NotDoneException.class)
    ChatAction act(Room room, AccountPrincipal principal, Act act) throws NotDoneException {
        ChannelView channel = room.channel();
        Set<ChatRight> rights = room.rights(principal);
        Kind kind = Kind.of(act.kind()).orElseThrow(() -> NotDoneException.because("unknown"));
        if (!rights.contains(kind.right())) {
            throw NotDoneException.forbidden();
        }
        store.lock(channel.id());
        String reason = RoomLedger.cut(LineText.clean(act.reason() == null ? "" : act.reason()), MAX_REASON);
        ChatAction action = switch (kind) {
            case DELETE -> delete(room, principal, act, reason);
            case PURGE -> purge(room, principal, target(room, principal, act), reason);
            case PIN -> pin(room, principal, act);
            case UNPIN -> unpin(room, principal);
            case TIMEOUT -> timeOut(room, principal, act, reason);
            case BAN -> ban(room, principal, act, reason);
            case UNBAN -> unban(room, principal, act);
            case WARN -> warn(room, principal, target(room, principal, act), reason);
            case NOTE -> note(room, principal, target(room, principal, act), reason);
            case SLOW, FOLLOWERS -> rule(room, principal, kind, act);
            case CLEAR -> clear(room, principal);
            case SHIELD ->
                Boolean.TRUE.equals(act.on())
                        ? shield.raise(room, principal.actor(), RoomShield.BY_HAND_FOR, "SHIELD_ON")
                        : shield.lower(room, principal.actor());
            case SWEEP -> shield.sweep(room, principal);
            case TITLE -> title(room, principal, reason);
        };
        if (principal.staff()) {
            audit.add(
                    principal.actor(),
                    "chat." + kind.name().toLowerCase(Locale.ROOT),
                    channel.name() + (action.target().isEmpty() ? "" : " / " + action.target()),
                    null,
                    action.reason(),
                    action.excerpt());
        }
        return action;
    }

    /** Whom an act is against. Nobody may act against the owner, staff, themselves, or, as a moderator, against another one. */
    private Target target(Room room, AccountPrincipal principal, Act act) throws NotDoneException {
        String name = UsernameRules.fold(
                act.target() == null ? "" : act.target().strip().replaceFirst("^@", ""));
        if (!UsernameRules.wellFormed(name)) {
            throw NotDoneException.because("name");
        }
        Optional<AccountView> account = accounts.findByUsername(name);
        if (account.isEmpty()) {
            return new Target(null, name);
        }
        long id = account.get().id();
        boolean chief =
                principal.staff() || principal.accountId() == room.channel().accountId();
        if (id == principal.accountId()) {
            throw NotDoneException.because("self");
        }
        if (id == room.channel().accountId()
                || account.get().role().atLeast(Role.MODERATOR)
                || (room.moderatedBy(id) && !chief)) {
            throw NotDoneException.because("protected");
        }
        return new Target(id, name);
    }

    // ---- lines ------------------------------------------------------------------------------------------------

    private ChatAction delete(Room room, AccountPrincipal principal, Act act, String reason) throws NotDoneException {
        long seq = act.seq() == null ? -1 : act.seq();
        StoredComment comment = store.comment(room.channel().id(), seq)
                .filter(found -> !found.removed())
                .orElseThrow(() -> NotDoneException.because("gone"));
        return removed(room.channel(), principal.actor(), comment, reason);
    }

    private ChatAction removed(ChannelView channel, Actor actor, StoredComment comment, String reason) {
        ChatAction action = ledger.record(
                channel,
                actor,
                "DELETE",
                new Target(comment.accountId(), comment.author()),
                comment.text(),
                reason,
                null);
        List<Long> gone = store.remove(channel.id(), List.of(comment.seq()), action.id(), clock.instant());
        ledger.unpinIfGone(channel, action, gone);
        ledger.tell(channel, action, gone);
        return action;
    }

    private ChatAction purge(Room room, AccountPrincipal principal, Target target, String reason)
            throws NotDoneException {
        if (target.accountId() == null) {
            throw NotDoneException.because("nobody");
        }
        Set<Long> whose = Set.of(target.accountId());
        ChatAction action = ledger.record(room.channel(), principal.actor(), "PURGE", target, "", reason, null);
        ledger.removeOf(room.channel(), action, whose);
        return action;
    }

    private ChatAction clear(Room room, AccountPrincipal principal) {
        ChatAction action = ledger.record(room.channel(), principal.actor(), "CLEAR", Target.NOBODY, "", "", null);
        List<Long> gone = store.removeFrom(room.channel().id(), room.firstSeq(), action.id(), clock.instant());
        ledger.unpinIfGone(room.channel(), action, gone);
        ledger.tell(room.channel(), action, gone);
        return action;
    }

    private ChatAction pin(Room room, AccountPrincipal principal, Act act) throws NotDoneException {
        StoredComment comment = store.comment(room.channel().id(), act.seq() == null ? -1 : act.seq())
                .filter(found -> !found.removed())
                .orElseThrow(() -> NotDoneException.because("gone"));
        ChatAction action = ledger.record(
                room.channel(),
                principal.actor(),
                "PIN",
                new Target(comment.accountId(), comment.author()),
                comment.text(),
                "",
                null);
        undoing.pin(room.channel().id(), comment.seq(), action.id());
        ledger.reload(room.channel());
        ledger.tell(room.channel(), action, List.of());
        return action;
    }

    private ChatAction unpin(Room room, AccountPrincipal principal) {
        ChatAction action = ledger.record(room.channel(), principal.actor(), "UNPIN", Target.NOBODY, "", "", null);
        undoing.pin(room.channel().id(), null, action.id());
        ledger.reload(room.channel());
        ledger.tell(room.channel(), action, List.of());
        return action;
    }

    // ---- people -----------------------------------------------------------------------------------------------

    private ChatAction timeOut(Room room, AccountPrincipal principal, Act act, String reason) throws NotDoneException {
        Target target = target(room, principal, act);
        boolean broadcast = Boolean.TRUE.equals(act.broadcast());
        if (broadcast && engine.getObject().live(room.channel().name()).isEmpty()) {
            throw NotDoneException.because("offline");
        }
        long seconds = act.seconds() == null ? 0 : act.seconds();
        if (!broadcast && (seconds < 1 || seconds > LONGEST.toSeconds())) {
            throw NotDoneException.because("length");
        }
        Instant until = broadcast ? null : clock.instant().plusSeconds(seconds);
        return sanction(room, principal, "TIMEOUT", target, Sanction.Kind.TIMEOUT, until, broadcast, reason);
    }

    /** A moderator who is banned is none any more. */
    private ChatAction ban(Room room, AccountPrincipal principal, Act act, String reason) throws NotDoneException {
        Target target = target(room, principal, act);
        ChatAction action = sanction(room, principal, "BAN", target, Sanction.Kind.BAN, null, false, reason);
        Long accountId = target.accountId();
        long channelId = room.channel().id();
        if (accountId != null && undoing.takeRights(channelId, accountId, action.id())) {
            afterCommit.run(() -> {
                rooms.changed(channelId);
                sockets.disconnect(accountId);
            });
        }
        return action;
    }

    private ChatAction sanction(
            Room room,
            AccountPrincipal principal,
            String name,
            Target target,
            Sanction.Kind kind,
            @Nullable Instant until,
            boolean broadcast,
            String reason) {
        ChatAction action = ledger.record(room.channel(), principal.actor(), name, target, "", reason, until);
        store.sanction(
                room.channel().id(),
                new Sanction(target.accountId(), target.username(), kind, until, broadcast, reason),
                action.id(),
                clock.instant());
        afterCommit.run(() -> rooms.loadOrder(room));
        Long accountId = target.accountId();
        if (accountId != null && kind == Sanction.Kind.BAN) {
            ledger.removeOf(room.channel(), action, Set.of(accountId));
        } else {
            ledger.tell(room.channel(), action, List.of());
        }
        ledger.tellPerson(room.channel(), target);
        return action;
    }

    private ChatAction unban(Room room, AccountPrincipal principal, Act act) throws NotDoneException {
        Target target = target(room, principal, act);
        ChatAction action = ledger.record(room.channel(), principal.actor(), "UNBAN", target, "", "", null);
        if (!store.lift(room.channel().id(), target.username(), action.id(), clock.instant())) {
            throw NotDoneException.because("free");
        }
        afterCommit.run(() -> rooms.loadOrder(room));
        ledger.tell(room.channel(), action, List.of());
        ledger.tellPerson(room.channel(), target);
        return action;
    }

    private ChatAction warn(Room room, AccountPrincipal principal, Target target, String reason)
            throws NotDoneException {
        if (target.accountId() == null) {
            throw NotDoneException.because("nobody");
        }
        if (reason.isEmpty()) {
            throw NotDoneException.because("reason");
        }
        ChatAction action = ledger.record(room.channel(), principal.actor(), "WARN", target, "", reason, null);
        long accountId = target.accountId();
        ledger.once(
                action,
                () -> sockets.tell(LiveRooms.topic(room.channel()), accountId, new ChatMessages.Warned(reason)));
        ledger.tell(room.channel(), action, List.of());
        return action;
    }

    private ChatAction note(Room room, AccountPrincipal principal, Target target, String reason)
            throws NotDoneException {
        if (target.accountId() == null) {
            throw NotDoneException.because("nobody");
        }
        if (reason.isEmpty()) {
            throw NotDoneException.because("reason");
        }
        ChatAction action = ledger.record(room.channel(), principal.actor(), "NOTE", target, "", reason, null);
        ledger.tell(room.channel(), action, List.of());
        return action;
    }

    // ---- rules ------------------------------------------------------------------------------------------------

    private ChatAction rule(Room room, AccountPrincipal principal, Kind kind, Act act) {
        long channelId = room.channel().id();
        long seconds = act.seconds() == null ? 0 : Math.clamp(act.seconds(), 0, ChatSettings.MAX_FOLLOW_MINUTES * 60L);
        String detail;
        // One rule each: somebody else may be changing another.
        if (kind == Kind.SLOW) {
            int slow = (int) Math.min(seconds, ChatSettings.MAX_SLOW_SECONDS);
            store.slow(channelId, slow);
            detail = slow + " s";
        } else {
            boolean off = Boolean.FALSE.equals(act.on());
            int minutes = (int) (seconds / 60);
            store.writers(channelId, off ? ChatSettings.Writers.EVERYONE : ChatSettings.Writers.FOLLOWERS, minutes);
            detail = off ? "–" : minutes + " min";
        }
        ChatAction action =
                ledger.record(room.channel(), principal.actor(), kind.name(), Target.NOBODY, detail, "", null);
        afterCommit.run(() -> rooms.changed(channelId));
        ledger.tell(room.channel(), action, List.of());
        return action;
    }

    private ChatAction title(Room room, AccountPrincipal principal, String title) throws NotDoneException {
        ChannelView channel = channels.find(room.channel().id()).orElseThrow(() -> NotDoneException.because("nobody"));
        if (title.isEmpty() || title.length() > Channels.MAX_TITLE) {
            throw NotDoneException.because("title");
        }
        channels.retitle(channel.id(), title);
        ChatAction action = ledger.record(room.channel(), principal.actor(), "TITLE", Target.NOBODY, title, "", null);
        ledger.tell(room.channel(), action, List.of());
        return action;
    }

    // ---- what happens by itself -------------------------------------------------------------------------------

    /** A time-out for this broadcast ends with it. */
    @EventListener
    void on(LiveChanged event) {
        if (event.view().state() == LiveState.ENDED) {
            channels.find(event.view().channel())
                    .filter(channel -> store.liftOfBroadcast(channel.id(), clock.instant()))
                    .flatMap(channel -> rooms.loaded(channel.id()))
                    .ifPresent(this::freed);
        }
    }

    /** Some who could not write can again; their pages are told. */
    private void freed(Room room) {
        List<Sanction> before = room.sanctions();
        rooms.loadOrder(room);
        for (Sanction sanction : before) {
            Long accountId = sanction.accountId();
            if (accountId != null && room.sanction(accountId, clock.instant()).isEmpty()) {
                ledger.tellPerson(room.channel(), new Target(accountId, sanction.username()));
            }
        }
    }

    /** Whoever was banned by name before they came is banned when they come: in the transaction that makes the account. */
    @EventListener
    void on(AccountRegistered event) {
        List<Long> channelIds = store.bind(event.accountId(), event.username());
        afterCommit.run(() ->
                channelIds.stream().flatMap(id -> rooms.loaded(id).stream()).forEach(rooms::loadOrder));
    }

    /** Comments are kept as long as the site says; for ever where it says nothing. */
    @Scheduled(fixedRate = 3_600_000, initialDelay = 120_000)
    void forget() {
        undoing.forgetHeld(clock.instant().minus(Duration.ofHours(1)));
        int days = settings.number(Setting.COMMENT_DAYS);
        if (days > 0) {
            // Each by itself, as it locks what others lock the other way round.
            store.forgetComments(clock.instant().minus(Duration.ofDays(days)));
            store.forgetPins();
        }
    }

    // ---- for other features -----------------------------------------------------------------------------------

    @Override
    public Set<ChatRight> rights(ChannelView channel, @Nullable AccountPrincipal principal) {
        return rooms.room(channel).rights(principal);
    }

    @Override
    public Optional<StoredComment> comment(long channelId, long seq) {
        return store.comment(channelId, seq);
    }

    @Override
    public List<StoredComment> around(long channelId, long seq, int each) {
        return store.around(channelId, seq, each);
    }

    @Override
    public List<StoredComment> latest(long channelId, int most) {
        return store.latest(channelId, most);
    }

    @Override
    @Transactional
    public List<ChatAction> remove(ChannelView channel, List<Long> seqs, Actor actor, String reason) {
        store.lock(channel.id());
        return seqs.stream()
                .flatMap(seq -> store.comment(channel.id(), seq).stream())
                .filter(comment -> !comment.removed())
                .map(comment -> removed(channel, actor, comment, reason))
                .toList();
    }

    @Override
    @Transactional
    public boolean putBack(ChannelView channel, long actionId) {
        return undo.putBack(channel, actionId);
    }

    @Override
    public List<ChatAction> actions(long channelId, long before, int most) {
        return store.actions(channelId, null, before, most);
    }

    @Override
    public List<Sanction> sanctions(long channelId, int most) {
        return store.sanctions(channelId, clock.instant(), most);
    }
}
