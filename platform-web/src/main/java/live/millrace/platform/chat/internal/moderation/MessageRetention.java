// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.time.Clock;
import java.time.Duration;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.springframework.stereotype.Component;

/** Messages are kept as long as the site says; for ever where it says nothing. */
@Component
class MessageRetention implements RecurringWork {
    private final ModeratedMessages messages;
    private final UndoStore undoing;
    private final SiteSettings settings;
    private final Clock clock;

    MessageRetention(ModeratedMessages messages, UndoStore undoing, SiteSettings settings, Clock clock) {
        this.messages = messages;
        this.undoing = undoing;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "forget.messages";
    }

    @Override
    public Duration every() {
        return Duration.ofHours(1);
    }

    @Override
    public void run() {
        undoing.forgetHeld(clock.instant().minus(Duration.ofHours(1)));
        int days = settings.number(Setting.MESSAGE_DAYS);
        if (days > 0) {
            // Each by itself, as it locks what others lock the other way round.
            messages.forgetMessages(clock.instant().minus(Duration.ofDays(days)));
            messages.forgetPins();
        }
    }
}
