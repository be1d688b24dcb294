// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Cookies that prove that a caller gets what is sent to its address, without memory of it: a keyed hash of address, port and minute (draft
 * §4.3.1.1). Good in their minute and in the next. Not thread-safe.
 */
public final class SrtCookies {
    private static final int KEY_BYTES = 16;
    private static final long MINUTE = TimeUnit.MINUTES.toMicros(1);

    private final Mac mac;

    /** With a key that nobody knows. */
    public SrtCookies() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** The cookie of the minute. */
    public int bake(InetSocketAddress caller, long now) {
        return bake(caller.getAddress().getAddress(), caller.getPort(), now / MINUTE);
    }

    /** Whether a cookie was given to this address lately. */
    public boolean isGood(int cookie, InetSocketAddress caller, long now) {
        byte[] address = caller.getAddress().getAddress();
        return cookie == bake(address, caller.getPort(), now / MINUTE)
                || cookie == bake(address, caller.getPort(), now / MINUTE - 1);
    }

    private int bake(byte[] address, int port, long minute) {
        mac.update(address);
        int cookie = ByteBuffer.wrap(mac.doFinal(
                        ByteBuffer.allocate(12).putInt(port).putLong(minute).array()))
                .getInt();
        return cookie == 0 ? 1 : cookie; // 0 is none
    }
}
