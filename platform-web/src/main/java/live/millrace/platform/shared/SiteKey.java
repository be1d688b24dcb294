// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The site's own secret, in its folder and not in its database: whoever gets a copy of one has not the other. Made when it is first
 * needed. For each purpose another key is derived from it.
 */
@Component
public class SiteKey {
    static final String FILE = "site.key";

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final DataDirectory data;
    private final SecureRandom random = new SecureRandom();
    private byte @Nullable [] key;

    public SiteKey(DataDirectory data) {
        this.data = data;
    }

    /** Encrypts for one purpose; what it is about is bound to it, and has to be said again to open it. */
    public byte[] seal(String purpose, byte[] plain) {
        try {
            byte[] nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, purpose, nonce).doFinal(plain);
            return ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    /** Empty for what was sealed for another purpose, with another key, or changed since. */
    public Optional<byte[]> open(String purpose, byte[] sealed) {
        if (sealed.length < NONCE_BYTES + TAG_BITS / Byte.SIZE) {
            return Optional.empty();
        }
        try {
            ByteBuffer parts = ByteBuffer.wrap(sealed);
            byte[] nonce = new byte[NONCE_BYTES];
            parts.get(nonce);
            byte[] rest = new byte[parts.remaining()];
            parts.get(rest);
            return Optional.of(cipher(Cipher.DECRYPT_MODE, purpose, nonce).doFinal(rest));
        } catch (AEADBadTagException foreign) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    /** HMAC-SHA-256 for one purpose. */
    public byte[] sign(String purpose, byte[] content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(derived("HmacSHA256", "sign " + purpose));
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA-256", e);
        }
    }

    private Cipher cipher(int mode, String purpose, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, derived("AES", "seal"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private SecretKey derived(String algorithm, String purpose) throws GeneralSecurityException {
        return KDF.getInstance("HKDF-SHA256")
                .deriveKey(
                        algorithm,
                        HKDFParameterSpec.ofExtract()
                                .addIKM(key())
                                .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), KEY_BYTES));
    }

    private synchronized byte[] key() {
        if (key == null) {
            try {
                key = read(data.resolve(FILE));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return key;
    }

    private byte[] read(Path file) throws IOException {
        if (!Files.exists(file)) {
            make(file);
        }
        byte[] read = HexFormat.of().parseHex(Files.readString(file).strip());
        if (read.length != KEY_BYTES) {
            throw new IOException("This is no key of a site: " + file);
        }
        return read;
    }

    /** Whole or not at all, and for nobody else to read. */
    private void make(Path file) throws IOException {
        byte[] made = new byte[KEY_BYTES];
        random.nextBytes(made);
        Path folder = Files.createDirectories(file.getParent());
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownersOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Path draft = Files.createTempFile(folder, FILE, ".new", ownersOnly);
        Files.writeString(draft, HexFormat.of().formatHex(made) + "\n");
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
