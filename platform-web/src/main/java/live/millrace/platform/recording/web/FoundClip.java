// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.Access;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.recording.ClipDesk;
import live.millrace.platform.recording.ClipGuests;
import live.millrace.platform.recording.ClipView;
import live.millrace.platform.recording.Clips;
import live.millrace.platform.recording.VideoAccess;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.server.ResponseStatusException;

/** The clip that an address means, for whoever asks, and what they may do with it. */
@Component
class FoundClip {
    private static final int MAX_REASON = 500;
    private static final String MISSING = "There is no such clip.";

    /**
     * A clip, its channel, and what whoever asks may do.
     *
     * @param made they made it
     * @param runs they run its channel
     * @param reasoned they say why, as it is logged
     * @param choices whom they may show it to; none where they decide nothing about it
     */
    public record Found(
            ClipView clip,
            ChannelView channel,
            boolean made,
            boolean runs,
            boolean reasoned,
            List<Visibility> choices) {
        /** Whether they may delete it. */
        public boolean removes() {
            return made || runs;
        }
    }

    private final Clips clips;
    private final Channels channels;
    private final VideoAccess access;
    private final ClipGuests guests;
    private final ClipDesk desk;
    private final Audit audit;
    private final MessageSource messages;

    FoundClip(
            Clips clips,
            Channels channels,
            VideoAccess access,
            ClipGuests guests,
            ClipDesk desk,
            Audit audit,
            MessageSource messages) {
        this.clips = clips;
        this.channels = channels;
        this.access = access;
        this.guests = guests;
        this.desk = desk;
        this.audit = audit;
        this.messages = messages;
    }

    static ResponseStatusException missing() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, MISSING);
    }

    /** @throws LockedException if they can do something to see it */
    Found find(String id, @Nullable AccountPrincipal person) {
        ClipView clip = clips.find(id).orElseThrow(FoundClip::missing);
        ChannelView channel = channels.find(clip.channelId()).orElseThrow(FoundClip::missing);
        ClipView.Maker maker = clip.maker();
        boolean made = person != null && maker != null && maker.accountId() == person.accountId();
        VideoAccess.Rights rights = access.of(channel, person);
        if (!access.sees(channel, clip.held(), person) || !(made || access.sees(channel, clip.visibility(), person))) {
            Access closed = access.closed(channel, made ? clip.held() : clip.shown(), person);
            throw closed.toldOf() ? new LockedException(MISSING, channel, closed) : missing();
        }
        if (clip.shown().secret() && rights.staff() && person != null) {
            audit.look(person.actor(), "clip.look", channel.name() + " " + clip.id(), channel.accountId());
        }
        boolean runs = rights.describes() || (person != null && guests.moderates(channel, person));
        return new Found(
                clip, channel, made, runs, !made && rights.staff(), choices(clip, channel, made, rights, person));
    }

    /** The owner shows it to whomever may see what it was made of; its maker and the site's people to fewer than now. */
    private static List<Visibility> choices(
            ClipView clip,
            ChannelView channel,
            boolean made,
            VideoAccess.Rights rights,
            @Nullable AccountPrincipal person) {
        if (!made && !rights.decides()) {
            return List.of();
        }
        boolean owner = owns(channel, person);
        return Arrays.stream(Visibility.values())
                .filter(one -> one == clip.visibility()
                        || (one.within(clip.held()) && (owner || one.within(clip.visibility()))))
                .toList();
    }

    private static boolean owns(ChannelView channel, @Nullable AccountPrincipal person) {
        return person != null && person.accountId() == channel.accountId();
    }

    /** One of which they may say who sees it; others are told that they may not. */
    Found decided(String id, AccountPrincipal person) {
        Found found = find(id, person);
        if (found.choices.isEmpty()) {
            throw new ResponseStatusException(
                    HttpStatus.FORBIDDEN, "Only who made it, or owns the channel, may do that.");
        }
        return found;
    }

    /**
     * Shows a clip to others for whoever may; what staff do is logged with its reason.
     *
     * @return a message key that says what stands against it; empty when it is done
     */
    @Transactional
    public Optional<String> show(String id, AccountPrincipal person, Visibility visibility, String reason) {
        Found found = decided(id, person);
        if (unreasoned(found, reason)) {
            return Optional.of("video.said.reason");
        }
        Optional<String> against = desk.show(id, visibility, owns(found.channel, person));
        if (against.isEmpty()) {
            log(found, person, "clip.edit", reason, visibility.name());
        }
        return against;
    }

    /**
     * Changes all that is not null, or nothing.
     *
     * @throws ResponseStatusException with what stands against it
     */
    @Transactional
    public void change(
            String id,
            AccountPrincipal person,
            @Nullable String title,
            @Nullable Visibility visibility,
            String reason,
            Locale locale) {
        Optional<String> against = Optional.empty();
        if (title != null) {
            renamed(id, person);
            against = desk.rename(id, title);
        }
        if (against.isEmpty() && visibility != null) {
            against = show(id, person, visibility, reason);
        }
        against.ifPresent(key -> {
            throw refused(key, locale);
        });
    }

    private static boolean unreasoned(Found found, String reason) {
        return found.reasoned && (reason.isBlank() || reason.length() > MAX_REASON);
    }

    private void log(Found found, AccountPrincipal person, String action, String reason, String details) {
        if (found.reasoned) {
            audit.add(
                    person.actor(),
                    action,
                    found.channel.name() + " " + found.clip.id(),
                    found.channel.accountId(),
                    reason.strip(),
                    details);
        }
    }

    /** One that they made; others are told that they may not. */
    Found renamed(String id, AccountPrincipal person) {
        Found found = find(id, person);
        if (!found.made) {
            throw new ResponseStatusException(HttpStatus.FORBIDDEN, "Only who made it may do that.");
        }
        return found;
    }

    /**
     * Deletes a clip for whoever may; what staff do is logged with its reason.
     *
     * @return a message key that says what stands against it; empty when it is done
     */
    @Transactional
    public Optional<String> delete(String id, AccountPrincipal person, String reason) {
        Found found = find(id, person);
        if (!found.removes()) {
            throw new ResponseStatusException(
                    HttpStatus.FORBIDDEN, "Only who made it, or runs the channel, may do that.");
        }
        if (unreasoned(found, reason)) {
            return Optional.of("video.said.reason");
        }
        if (!desk.delete(id, person.accountId())) {
            return Optional.of("clip.said.gone");
        }
        log(found, person, "clip.delete", reason, found.clip.title());
        return Optional.empty();
    }

    /**
     * What a channel has on air, for somebody who may see what is recorded of it.
     *
     * @throws ResponseStatusException with what stands against it; who may not see what is on air hears what they do when nothing is
     */
    ClipDesk.Source live(ChannelView channel, AccountPrincipal person, Locale locale) {
        ClipDesk.Source source = desk.live(channel).orElseThrow(() -> refused("clip.said.recorded", locale));
        if (!access.look(source.video(), channel, person)) {
            boolean watches = access.sees(channel, channel.visibility(), person);
            throw refused(watches ? "clip.said.private" : "clip.said.recorded", locale);
        }
        return source;
    }

    /** What a program hears of something that was not done. */
    ResponseStatusException refused(String key, Locale locale) {
        HttpStatus status = switch (key) {
            case "clip.said.off", "clip.said.banned", "clip.said.suspended" -> HttpStatus.FORBIDDEN;
            case "clip.said.recorded" -> HttpStatus.CONFLICT;
            case "clip.said.many" -> HttpStatus.TOO_MANY_REQUESTS;
            default -> HttpStatus.UNPROCESSABLE_CONTENT;
        };
        return new ResponseStatusException(
                status, messages.getMessage(key, new Object[] {ClipDesk.MOST_A_DAY}, locale));
    }
}
