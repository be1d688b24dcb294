// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import java.time.Duration;
import java.util.Map;
import live.millrace.platform.shared.MachineSizes;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Hashes passwords where there is a place for it: each hash takes 19 MiB and a core for its while. */
public final class GatedPasswords implements PasswordEncoder {
    private static final long BYTES_PER_KIBIBYTE = 1_024;

    /** As many as the machine has processors and heap for: streams come first. */
    static final int PLACES = MachineSizes.here()
            .hashes(Runtime.getRuntime().maxMemory(), PasswordConfiguration.MEMORY_KIB * BYTES_PER_KIBIBYTE);

    static final int LINE = 64;

    /** Longer than this nobody looks at a page that does not come. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final PasswordEncoder encoder;
    private final HashPlaces places;

    private GatedPasswords(PasswordEncoder encoder, HashPlaces places) {
        this.encoder = encoder;
        this.places = places;
    }

    static GatedPasswords of(PasswordEncoder argon2id) {
        return new GatedPasswords(delegating(argon2id), new HashPlaces(PLACES, LINE, PATIENCE));
    }

    /** The same places for another hash: what the site's tests need. */
    public GatedPasswords hashing(PasswordEncoder argon2id) {
        return new GatedPasswords(delegating(argon2id), places);
    }

    private static PasswordEncoder delegating(PasswordEncoder argon2id) {
        return new DelegatingPasswordEncoder("argon2id", Map.of("argon2id", argon2id));
    }

    HashPlaces places() {
        return places;
    }

    @Override
    public @Nullable String encode(@Nullable CharSequence rawPassword) {
        return places.in(() -> encoder.encode(rawPassword));
    }

    @Override
    public boolean matches(@Nullable CharSequence rawPassword, @Nullable String encodedPassword) {
        return Boolean.TRUE.equals(places.in(() -> encoder.matches(rawPassword, encodedPassword)));
    }
}
