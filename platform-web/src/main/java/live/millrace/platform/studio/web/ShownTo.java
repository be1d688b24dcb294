// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import java.util.Arrays;
import java.util.Optional;
import live.millrace.platform.audience.ChannelPasswords;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Visibility;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Who may watch a channel, as its owner chooses in a form or by a program: the same rules for both. */
@Component
public class ShownTo {
    private final Channels channels;
    private final ChannelPasswords passwords;

    ShownTo(Channels channels, ChannelPasswords passwords) {
        this.channels = channels;
        this.passwords = passwords;
    }

    /**
     * Changes it; what runs is for the new ones at once. A password is the channel's: it stays when the broadcast that it was set for is over,
     * for what was recorded then opens by it.
     *
     * @param visibility in any capitals; null for as it is, also for how long
     * @param once until the broadcast that runs, or else the next one, is over
     * @param password another one; null or empty for the one there is
     * @return a message key when it cannot be that
     */
    @Transactional
    public Optional<String> choose(
            ChannelView channel, @Nullable String visibility, boolean once, @Nullable String password) {
        Optional<Visibility> wanted = visibility == null
                ? Optional.of(channel.visibility())
                : Arrays.stream(Visibility.values())
                        .filter(one -> one.name().equalsIgnoreCase(visibility.strip()))
                        .findFirst();
        if (wanted.isEmpty()) {
            return Optional.of("studio.shown.unknown");
        }
        String typed = password == null ? "" : password;
        boolean another = !typed.isEmpty();
        if (another && (typed.length() < ChannelPasswords.LEAST || typed.length() > ChannelPasswords.MOST)) {
            return Optional.of("studio.shown.password.length");
        }
        if (wanted.get() == Visibility.PASSWORD
                && !another
                && passwords.version(channel.id()).isEmpty()) {
            return Optional.of("studio.shown.password.missing");
        }
        if (another) {
            passwords.set(channel.id(), typed);
        }
        if (visibility != null) {
            boolean _ =
                    once ? channels.showOnce(channel.id(), wanted.get()) : channels.show(channel.id(), wanted.get());
        }
        return Optional.empty();
    }

    /** What it is again when the broadcast is over; null where it stays. */
    @Nullable
    Visibility after(ChannelView channel) {
        return channels.shownAfter(channel.id()).orElse(null);
    }

    /** Whether a channel has a password. */
    boolean locked(ChannelView channel) {
        return passwords.version(channel.id()).isPresent();
    }
}
