// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A message with keys (draft §3.2.2): one stream key, or two when they are changed, wrapped (RFC 3394) with a key that comes of the
 * passphrase (PBKDF2 with HMAC-SHA1, 2,048 turns, of the salt's last 8 bytes). To read one
 * costs some milliseconds, and so does {@link #under}.
 */
public final class SrtKeys {
    private static final int HEADER = 16;
    private static final int SALT = 16;
    private static final int INTEGRITY = 8;
    private static final int TURNS = 2_048;

    /** Version 1, key material. */
    private static final int FIRST = 0x12;

    private static final int SIGNATURE = 0x2029;
    private static final int CIPHER_CTR = 2;
    private static final int ENCAPSULATION = 2;
    static final int EVEN = 1;
    static final int ODD = 2;

    private final byte[] salt;
    private final byte @Nullable [] even;
    private final byte @Nullable [] odd;

    /** What messages are wrapped with, as long as the salt stays; null while nobody said a passphrase. */
    private final @Nullable SecretKeySpec wrapping;

    /**
     * Takes the arrays over.
     *
     * @param salt 16 bytes
     * @param even null when the message has none
     * @param odd null when the message has none
     */
    SrtKeys(byte[] salt, byte @Nullable [] even, byte @Nullable [] odd) {
        this(salt, even, odd, null);
    }

    private SrtKeys(byte[] salt, byte @Nullable [] even, byte @Nullable [] odd, @Nullable SecretKeySpec wrapping) {
        this.salt = salt;
        this.even = even;
        this.odd = odd;
        this.wrapping = wrapping;
    }

    /** Not to be changed. */
    byte[] salt() {
        return salt;
    }

    byte @Nullable [] even() {
        return even;
    }

    byte @Nullable [] odd() {
        return odd;
    }

    /**
     * Reads a message.
     *
     * @throws MalformedSrtException with {@link SrtReject#BAD_SECRET} if the passphrase is another, {@link SrtReject#CRYPTO} if it wants
     *     encryption that we do not speak
     */
    public static SrtKeys unwrap(byte[] message, String passphrase) throws MalformedSrtException {
        if (message.length < HEADER + SALT + INTEGRITY
                || message[0] != FIRST
                || ((message[1] & 0xFF) << 8 | (message[2] & 0xFF)) != SIGNATURE) {
            throw new MalformedSrtException(SrtReject.ROGUE, "no message of keys");
        }
        if (message[8] != CIPHER_CTR || message[9] != 0) {
            throw new MalformedSrtException(SrtReject.CRYPTO, "another cipher than AES-CTR");
        }
        int which = message[3] & (EVEN | ODD);
        int length = message[15] * 4;
        int count = Integer.bitCount(which);
        if (message[14] * 4 != SALT
                || (length != 16 && length != 24 && length != 32)
                || count == 0
                || message.length != HEADER + SALT + INTEGRITY + count * length) {
            throw new MalformedSrtException(SrtReject.ROGUE, "keys of an odd length");
        }
        byte[] salt = Arrays.copyOfRange(message, HEADER, HEADER + SALT);
        byte[] wrapped = Arrays.copyOfRange(message, HEADER + SALT, message.length);
        SecretKeySpec wrapping = derived(passphrase, salt, length);
        byte[] keys;
        try {
            Cipher cipher = Cipher.getInstance("AESWrap");
            cipher.init(Cipher.UNWRAP_MODE, wrapping);
            keys = cipher.unwrap(wrapped, "AES", Cipher.SECRET_KEY).getEncoded();
        } catch (InvalidKeyException wrong) {
            throw new MalformedSrtException(SrtReject.BAD_SECRET, "another passphrase");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES", e);
        }
        byte[] first = Arrays.copyOf(keys, length);
        return switch (which) {
            case EVEN -> new SrtKeys(salt, first, null, wrapping);
            case ODD -> new SrtKeys(salt, null, first, wrapping);
            default -> new SrtKeys(salt, first, Arrays.copyOfRange(keys, length, 2 * length), wrapping);
        };
    }

    /** The same, whose messages are wrapped with a passphrase. */
    public SrtKeys under(String passphrase) {
        return new SrtKeys(salt, even, odd, derived(passphrase, salt, first().length));
    }

    private byte[] first() {
        byte[] one = even == null ? odd : even;
        if (one == null) {
            throw new IllegalStateException("no keys");
        }
        return one;
    }

    /**
     * The same with a fresh key in the place of the one that is not in use. Takes no time.
     *
     * @param current which is: {@link #EVEN} or {@link #ODD}
     */
    SrtKeys next(int current, SecureRandom random) {
        byte[] fresh = new byte[first().length];
        random.nextBytes(fresh);
        return current == EVEN ? new SrtKeys(salt, even, fresh, wrapping) : new SrtKeys(salt, fresh, odd, wrapping);
    }

    /** Writes the message that {@link #unwrap} reads, with the passphrase that they are {@link #under}. Takes no time. */
    public byte[] wrap() {
        SecretKeySpec with = wrapping;
        if (with == null) {
            throw new IllegalStateException("no passphrase");
        }
        byte[] one = even;
        byte[] other = odd;
        byte[] first = first();
        int count = one == null || other == null ? 1 : 2;
        byte[] keys = Arrays.copyOf(first, first.length * count);
        if (one != null && other != null) {
            System.arraycopy(other, 0, keys, first.length, other.length);
        }
        byte[] wrapped;
        try {
            Cipher cipher = Cipher.getInstance("AESWrap");
            cipher.init(Cipher.WRAP_MODE, with);
            wrapped = cipher.wrap(new SecretKeySpec(keys, "AES"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES", e);
        }
        byte[] message = new byte[HEADER + SALT + wrapped.length];
        message[0] = FIRST;
        message[1] = (byte) (SIGNATURE >> 8);
        message[2] = (byte) SIGNATURE;
        message[3] = (byte) ((one == null ? 0 : EVEN) | (other == null ? 0 : ODD));
        message[8] = CIPHER_CTR;
        message[10] = ENCAPSULATION;
        message[14] = SALT / 4;
        message[15] = (byte) (first.length / 4);
        System.arraycopy(salt, 0, message, HEADER, SALT);
        System.arraycopy(wrapped, 0, message, HEADER + SALT, wrapped.length);
        return message;
    }

    /** Fresh ones: an even key alone. */
    public static SrtKeys fresh(int length, SecureRandom random) {
        byte[] salt = new byte[SALT];
        byte[] key = new byte[length];
        random.nextBytes(salt);
        random.nextBytes(key);
        return new SrtKeys(salt, key, null);
    }

    static SecretKeySpec derived(String passphrase, byte[] salt, int length) {
        PBEKeySpec spec =
                new PBEKeySpec(passphrase.toCharArray(), Arrays.copyOfRange(salt, SALT / 2, SALT), TURNS, length * 8);
        try {
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1")
                    .generateSecret(spec)
                    .getEncoded();
            return new SecretKeySpec(key, "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has PBKDF2WithHmacSHA1", e);
        } finally {
            spec.clearPassword();
        }
    }

    /** Secrets stand here. */
    @Override
    public String toString() {
        return "SrtKeys[hidden]";
    }
}
