// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Accounts.Change;
import live.millrace.platform.account.AddressBans;
import live.millrace.platform.account.Suspension;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.ChatModeration;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.moderation.CaseKind;
import live.millrace.platform.moderation.CaseView;
import live.millrace.platform.moderation.Decision;
import live.millrace.platform.moderation.StaffRights;
import live.millrace.platform.moderation.StaffRights.Measure;
import live.millrace.platform.moderation.internal.EffectStore.Effect;
import live.millrace.platform.moderation.internal.EffectStore.Kind;
import live.millrace.platform.shared.AfterCommit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Does what a decision says, and takes it back. Both within the transaction that writes the decision down, so that there is never
 * one without the other; a stream is ended once that stands, and dies with this process if it dies before.
 */
@Component
class CaseEffects {
    private final EffectStore effects;
    private final Accounts accounts;
    private final AddressBans bans;
    private final Channels channels;
    private final ChatModeration rooms;
    private final Broadcasting broadcasting;
    private final HiddenVideos videos;
    private final AfterCommit afterCommit;
    private final Clock clock;
    private final StaffRights rights;

    CaseEffects(
            EffectStore effects,
            Accounts accounts,
            AddressBans bans,
            Channels channels,
            ChatModeration rooms,
            Broadcasting broadcasting,
            HiddenVideos videos,
            AfterCommit afterCommit,
            Clock clock,
            StaffRights rights) {
        this.effects = effects;
        this.accounts = accounts;
        this.bans = bans;
        this.channels = channels;
        this.rooms = rooms;
        this.broadcasting = broadcasting;
        this.videos = videos;
        this.afterCommit = afterCommit;
        this.clock = clock;
        this.rights = rights;
    }

    /** Whether somebody above has suspended them already: a suspension of one's own would take the place of that one. */
    boolean wouldReplace(CaseView view, Decision decision, AccountPrincipal staff) {
        Long subject = view.subjectAccountId();
        return subject != null
                && switch (decision) {
                    case SUSPEND_STREAMING ->
                        rights.againstChange(staff, Measure.STREAMING, subject).isPresent();
                    case SUSPEND_ACCOUNT, BAN_ADDRESS ->
                        rights.againstChange(staff, Measure.SUSPENSION, subject).isPresent();
                    default -> false;
                };
    }

    /** @param length zero is for ever */
    @Transactional(propagation = Propagation.MANDATORY)
    void carryOut(CaseView view, Decision decision, Duration length, String reason, AccountPrincipal staff) {
        @Nullable Instant until = length.isZero() ? null : clock.instant().plus(length);
        Long subject = view.subjectAccountId();
        switch (decision) {
            case DISMISS, WARN -> {
                // nothing but the notice
            }
            case HIDE -> hide(view, reason, staff);
            case END_STREAM -> afterCommit.run(() -> end(view.subject()));
            case END_AND_BLOCK -> {
                broadcasting
                        .block(view.subject(), length)
                        .ifPresent(block ->
                                effects.add(view.id(), new Effect(Kind.KEY_BLOCK, block.keyId(), block.until(), null)));
                afterCommit.run(() -> end(view.subject()));
            }
            case SUSPEND_STREAMING -> {
                if (subject != null) {
                    Change change = accounts.suspendStreaming(subject, until);
                    rights.took(staff, Measure.STREAMING, subject, change.at());
                    effects.add(view.id(), new Effect(Kind.STREAMING, 0, change.at(), change.before()));
                }
            }
            case SUSPEND_ACCOUNT -> {
                if (subject != null) {
                    suspend(view, subject, reason, until, staff);
                }
            }
            case BAN_ADDRESS -> {
                if (subject != null) {
                    suspend(view, subject, reason, until, staff);
                    // What cannot be banned, because it is private or a proxy, is left alone.
                    bans.banKnown(subject, reason, until, staff.actor())
                            .forEach(ban -> effects.add(view.id(), Effect.on(Kind.ADDRESS_BAN, ban)));
                }
            }
        }
    }

    private void end(String channel) {
        broadcasting.takeDownPicture(channel);
        broadcasting.end(channel);
    }

    private void suspend(CaseView view, long subject, String reason, @Nullable Instant until, AccountPrincipal staff) {
        Change change = accounts.suspend(subject, reason, until);
        rights.took(staff, Measure.SUSPENSION, subject, change.at());
        effects.add(view.id(), new Effect(Kind.SUSPENSION, 0, change.at(), change.before()));
    }

    private void hide(CaseView view, String reason, AccountPrincipal staff) {
        Long seq = view.seq();
        if (view.kind() == CaseKind.MESSAGE && seq != null) {
            channels.find(view.channel())
                    .ifPresent(channel -> rooms.remove(channel, List.of(seq), staff.actor(), reason)
                            .forEach(action -> effects.add(view.id(), Effect.on(Kind.MESSAGE, action.id()))));
            return;
        }
        if (view.kind() == CaseKind.VIDEO) {
            videos.hide(Objects.requireNonNull(view.video()))
                    .ifPresent(before -> effects.add(view.id(), Effect.on(Kind.VIDEO, before)));
            return;
        }
        if (view.kind() == CaseKind.COMMENT) {
            long comment = Objects.requireNonNull(view.comment());
            if (videos.hideComment(comment, staff.accountId())) {
                effects.add(view.id(), Effect.on(Kind.COMMENT, comment));
            }
            return;
        }
        afterCommit.run(() -> broadcasting.takeDownPicture(view.subject()));
        channels.find(view.subject()).ifPresent(channel -> {
            // What somebody hid by hand stays hidden, whatever becomes of this case.
            if (!channel.hidden() || effects.any(Kind.CHANNEL, channel.id())) {
                channels.hide(channel.id(), true);
                if (rights.againstChange(staff, Measure.CHANNEL, channel.id()).isEmpty()) {
                    rights.took(staff, Measure.CHANNEL, channel.id(), Instant.EPOCH);
                }
                effects.add(view.id(), Effect.on(Kind.CHANNEL, channel.id()));
            }
        });
    }

    /** Takes back what a decision did, and nothing that somebody else did before or after it. */
    @Transactional(propagation = Propagation.MANDATORY)
    void takeBack(CaseView view, Actor actor) {
        for (Effect effect : effects.take(view.id())) {
            switch (effect.kind()) {
                case SUSPENSION, STREAMING -> restore(view, effect);
                case ADDRESS_BAN -> bans.lift(effect.ref(), actor);
                case MESSAGE ->
                    channels.find(view.channel()).ifPresent(channel -> rooms.putBack(channel, effect.ref()));
                case CHANNEL -> {
                    if (!effects.any(Kind.CHANNEL, effect.ref())
                            && channels.find(effect.ref())
                                    .filter(ChannelView::hidden)
                                    .isPresent()) {
                        channels.hide(effect.ref(), false);
                        afterCommit.run(() -> broadcasting.putPictureBack(view.subject()));
                    }
                }
                case VIDEO -> videos.show(Objects.requireNonNull(view.video()), effect.ref());
                case COMMENT -> videos.showComment(effect.ref());
                case KEY_BLOCK -> broadcasting.unblock(effect.ref(), Objects.requireNonNull(effect.at()));
            }
        }
    }

    private void restore(CaseView view, Effect effect) {
        Long subject = view.subjectAccountId();
        Instant at = effect.at();
        if (subject == null || at == null) {
            return;
        }
        effects.unlink(effect.kind(), subject, effect);
        @Nullable Suspension before = effect.before();
        if (before != null && before.until() != null && !before.until().isAfter(clock.instant())) {
            before = null;
        }
        if (effect.kind() == Kind.SUSPENSION) {
            accounts.takeBackSuspension(subject, at, before);
        } else {
            accounts.takeBackStreamingSuspension(subject, at, before);
        }
    }
}
