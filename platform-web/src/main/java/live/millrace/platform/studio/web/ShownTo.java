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
     * Changes it; what runs is for the new ones at once.
     *
     * @param visibility in any capitals; null for as it is
     * @param password another one; null or empty for the one there is
     * @return a message key when it cannot be that
     */
    @Transactional
    public Optional<String> choose(ChannelView channel, @Nullable String visibility, @Nullable String password) {
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
        channels.show(channel.id(), wanted.get());
        return Optional.empty();
    }

    /** Whether a channel has a password. */
    boolean locked(ChannelView channel) {
        return passwords.version(channel.id()).isPresent();
    }
}
