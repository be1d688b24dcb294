// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
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

    /**
     * A clip, its channel, and what whoever asks may do.
     *
     * @param made they made it
     * @param runs they run its channel
     * @param reasoned they say why, as it is logged
     */
    public record Found(ClipView clip, ChannelView channel, boolean made, boolean runs, boolean reasoned) {
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
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such clip.");
    }

    Found find(String id, @Nullable AccountPrincipal person) {
        ClipView clip = clips.find(id).orElseThrow(FoundClip::missing);
        ChannelView channel = channels.find(clip.channelId()).orElseThrow(FoundClip::missing);
        ClipView.Maker maker = clip.maker();
        boolean made = person != null && maker != null && maker.accountId() == person.accountId();
        VideoAccess.Rights rights = access.of(channel, person);
        if (!access.sees(channel, clip.visibility(), person)) {
            throw missing();
        }
        boolean runs = rights.describes() || (person != null && guests.moderates(channel, person));
        return new Found(clip, channel, made, runs, !made && rights.staff());
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
        if (found.reasoned && (reason.isBlank() || reason.length() > MAX_REASON)) {
            return Optional.of("video.said.reason");
        }
        if (!desk.delete(id, person.accountId())) {
            return Optional.of("clip.said.gone");
        }
        if (found.reasoned) {
            audit.add(
                    person.actor(),
                    "clip.delete",
                    found.channel.name() + " " + id,
                    found.channel.accountId(),
                    reason.strip(),
                    found.clip.title());
        }
        return Optional.empty();
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
