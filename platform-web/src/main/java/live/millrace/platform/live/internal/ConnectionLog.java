// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.channel.StreamKeyView;
import live.millrace.platform.engine.PublishQuestion;
import live.millrace.platform.live.AttemptRecorded;
import live.millrace.platform.live.AttemptView;
import live.millrace.platform.shared.RemoteAddress;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Limit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Who tried to publish, and how it went: the last attempts of each channel, and the last of those whose key belongs to nobody. */
@Component
class ConnectionLog {
    static final int KEPT = 20;
    private static final int STRANGERS_KEPT = 500;
    private static final int STRANGERS_SHOWN = 50;

    /** A streamer who mistyped the key is looking at the page now, or was a moment ago. */
    private static final Duration STRANGER_WINDOW = Duration.ofMinutes(15);

    private final PublishAttemptRepository attempts;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final SiteSettings settings;
    private final Clock clock;

    ConnectionLog(
            PublishAttemptRepository attempts,
            ApplicationEventPublisher events,
            TransactionTemplate transaction,
            SiteSettings settings,
            Clock clock) {
        this.attempts = attempts;
        this.events = events;
        this.transaction = transaction;
        this.settings = settings;
        this.clock = clock;
    }

    void add(PublishQuestion question, String outcome, Optional<String> cause, Optional<StreamKeyView> key) {
        String remote = RemoteAddress.ofMachine(question.remote());
        PublishAttempt attempt = new PublishAttempt(
                key.map(StreamKeyView::channelId).orElse(null),
                clock.instant(),
                outcome,
                cause.orElse(null),
                key.map(StreamKeyView::name).orElse(null),
                key.map(StreamKeyView::prefix).orElse(null),
                question.encoder(),
                remote);
        transaction.executeWithoutResult(_ -> {
            attempts.save(attempt);
            Long channelId = attempt.channelId();
            if (channelId == null) {
                attempts.trimStrangers(STRANGERS_KEPT);
            } else {
                attempts.trim(channelId, KEPT);
            }
        });
        events.publishEvent(new AttemptRecorded(attempt.channelId(), remote));
    }

    @Transactional(readOnly = true)
    List<AttemptView> of(long channelId, String remote) {
        return attempts
                .find(
                        channelId,
                        RemoteAddress.ofMachine(remote),
                        clock.instant().minus(STRANGER_WINDOW),
                        Limit.of(KEPT))
                .stream()
                .map(PublishAttempt::view)
                .toList();
    }

    @Transactional(readOnly = true)
    List<AttemptView> strangers() {
        return attempts.findStrangers(Limit.of(STRANGERS_SHOWN)).stream()
                .map(PublishAttempt::view)
                .toList();
    }

    /** The log is full of addresses, which are kept for some days only. */
    @Scheduled(fixedRate = 3_600_000, initialDelay = 75_000)
    void forget() {
        Instant before = clock.instant().minus(Duration.ofDays(settings.number(Setting.ADDRESS_DAYS)));
        transaction.executeWithoutResult(_ -> attempts.forget(before));
    }
}
