// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/** Key pairs on the curve P-256, and as bytes to be sealed: the public one behind its length, then the private one. */
final class KeyPairs {
    private static final String EC = "EC";

    private KeyPairs() {}

    static KeyPair make() {
        try {
            KeyPairGenerator maker = KeyPairGenerator.getInstance(EC);
            maker.initialize(new ECGenParameterSpec("secp256r1"));
            return maker.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has P-256", e);
        }
    }

    static byte[] bytes(KeyPair pair) {
        byte[] open = pair.getPublic().getEncoded();
        byte[] secret = pair.getPrivate().getEncoded();
        return ByteBuffer.allocate(Integer.BYTES + open.length + secret.length)
                .putInt(open.length)
                .put(open)
                .put(secret)
                .array();
    }

    /** @throws IllegalArgumentException for what are none */
    static KeyPair read(byte[] bytes) {
        try {
            ByteBuffer parts = ByteBuffer.wrap(bytes);
            byte[] open = new byte[Math.clamp(parts.getInt(), 0, bytes.length)];
            parts.get(open);
            byte[] secret = new byte[parts.remaining()];
            parts.get(secret);
            KeyFactory keys = KeyFactory.getInstance(EC);
            return new KeyPair(
                    keys.generatePublic(new X509EncodedKeySpec(open)),
                    keys.generatePrivate(new PKCS8EncodedKeySpec(secret)));
        } catch (GeneralSecurityException | BufferUnderflowException e) {
            throw new IllegalArgumentException("no key pair", e);
        }
    }
}
