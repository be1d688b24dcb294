// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.hub.StreamPath;
import org.jspecify.annotations.Nullable;

/**
 * Who may watch by the tickets of the settings file: a stream that one is written for, and what is recorded of it, is for those who bring
 * one, and for nobody else.
 */
final class TicketRules {
    /**
     * A ticket as the file has it, in full or as the SHA-256 of its characters in hexadecimal.
     *
     * @param stream a name, or {@code application/name}
     * @param until when it opens nothing any more; null for never
     * @param name of whoever has it, for the list of sessions
     */
    record Setting(
            @Nullable String stream,
            @Nullable String ticket,
            @Nullable String sha256,
            @Nullable Instant until,
            @Nullable String name) {
        /** A secret stands here. */
        @Override
        public String toString() {
            return "Ticket[" + stream + "]";
        }
    }

    /** A ticket that is known by its hash. */
    private record Ticket(StreamPath path, String sha256, Optional<Instant> until, Optional<String> name) {}

    private final List<Ticket> tickets;

    /** The names of the streams, by their applications. */
    private final Map<String, Set<String>> guarded = new HashMap<>();

    private final InstantSource clock;

    private TicketRules(List<Ticket> tickets, InstantSource clock) {
        this.tickets = tickets;
        this.clock = clock;
        for (Ticket each : tickets) {
            guarded.computeIfAbsent(each.path().application(), _ -> new HashSet<>())
                    .add(each.path().name());
        }
    }

    /**
     * Reads what the file says.
     *
     * @throws IllegalArgumentException if a ticket cannot be
     */
    static TicketRules of(@Nullable List<Setting> settings, InstantSource clock) {
        return new TicketRules(
                settings == null
                        ? List.of()
                        : settings.stream().map(TicketRules::ticket).toList(),
                clock);
    }

    private static Ticket ticket(Setting said) {
        String stream = said.stream() == null ? "" : said.stream();
        return new Ticket(
                PublishRules.path(stream),
                hash(said, stream),
                Optional.ofNullable(said.until()),
                Optional.ofNullable(said.name()).filter(name -> !name.isBlank()));
    }

    private static String hash(Setting said, String stream) {
        String hex = said.sha256();
        if (hex != null) {
            if (!hex.matches("[0-9a-fA-F]{64}")) {
                throw new IllegalArgumentException(
                        "The sha256 of a ticket for \"" + stream + "\" has 64 hexadecimal digits.");
            }
            return hex.toLowerCase(Locale.ROOT);
        }
        return Optional.ofNullable(said.ticket())
                .flatMap(PlayTicket::of)
                .map(PlayTicket::hash)
                .orElseThrow(() -> new IllegalArgumentException("A ticket for \"" + stream + "\" is 16 random bytes as "
                        + PlayTicket.LENGTH + " characters of base64url."));
    }

    /** Whether a stream is for those with a ticket alone. Allocates nothing. */
    boolean guards(String application, String name) {
        Set<String> names = guarded.get(application);
        return names != null && names.contains(name);
    }

    /**
     * The same of what is written as application and name.
     *
     * @param stream with a slash between them
     */
    boolean guards(String stream) {
        int slash = stream.indexOf('/');
        return slash > 0 && guards(stream.substring(0, slash), stream.substring(slash + 1));
    }

    /** Decides without asking anybody; empty about what no ticket is for. */
    Optional<PlayDecision> decide(PlayAttempt attempt) {
        if (!guards(attempt.application(), attempt.name())) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        for (Ticket each : tickets) {
            if (attempt.isOf(each.path().application(), each.path().name())
                    && attempt.bears(each.sha256())
                    && each.until().filter(end -> !now.isBefore(end)).isEmpty()) {
                return Optional.of(new PlayDecision.Granted(each.until(), Integer.MAX_VALUE, each.name()));
            }
        }
        return Optional.of(PlayDecision.NOT_ALLOWED);
    }
}
