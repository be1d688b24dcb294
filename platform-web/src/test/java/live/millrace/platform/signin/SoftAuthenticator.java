// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** An authenticator with its browser, as an attacker has one: it signs whatever it is told, for whatever page it is told. */
final class SoftAuthenticator {
    private static final int PRESENT = 0x01;
    private static final int VERIFIED = 0x04;
    private static final int ATTESTED = 0x40;

    private final byte[] id = new byte[32];
    private final KeyPair keys;
    int counter;
    boolean verifies = true;

    SoftAuthenticator() throws GeneralSecurityException {
        new SecureRandom().nextBytes(id);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        keys = generator.generateKeyPair();
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] hash(byte[] bytes) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static byte[] client(String type, String challenge, String origin) {
        return "{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\",\"crossOrigin\":false}"
                .formatted(type, challenge, origin)
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] data(String host, boolean attested) throws GeneralSecurityException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(hash(host.getBytes(StandardCharsets.UTF_8)));
        out.write(PRESENT | (verifies ? VERIFIED : 0) | (attested ? ATTESTED : 0));
        out.writeBytes(ByteBuffer.allocate(4).putInt(counter).array());
        if (attested) {
            out.writeBytes(new byte[16]);
            out.write(0);
            out.write(id.length);
            out.writeBytes(id);
            ECPublicKey key = (ECPublicKey) keys.getPublic();
            // COSE: {1: EC2, 3: ES256, -1: P-256, -2: x, -3: y}
            out.writeBytes(new byte[] {(byte) 0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32});
            out.writeBytes(coordinate(key.getW().getAffineX()));
            out.writeBytes(new byte[] {0x22, 0x58, 32});
            out.writeBytes(coordinate(key.getW().getAffineY()));
        }
        return out.toByteArray();
    }

    private static byte[] coordinate(BigInteger number) {
        byte[] bytes = number.toByteArray();
        ByteBuffer padded = ByteBuffer.allocate(32);
        int length = Math.min(bytes.length, 32);
        padded.position(32 - length);
        return padded.put(bytes, bytes.length - length, length).array();
    }

    private static byte[] cbor(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + bytes.length)
                .put((byte) (0x60 | bytes.length))
                .put(bytes)
                .array();
    }

    String make(String challenge, String origin, String host) throws GeneralSecurityException {
        byte[] data = data(host, true);
        ByteArrayOutputStream attestation = new ByteArrayOutputStream();
        attestation.write(0xa3);
        attestation.writeBytes(cbor("fmt"));
        attestation.writeBytes(cbor("none"));
        attestation.writeBytes(cbor("attStmt"));
        attestation.write(0xa0);
        attestation.writeBytes(cbor("authData"));
        attestation.writeBytes(new byte[] {0x58, (byte) data.length});
        attestation.writeBytes(data);
        return """
                {"id":"%s","rawId":"%s","type":"public-key","clientExtensionResults":{},
                 "response":{"clientDataJSON":"%s","attestationObject":"%s","transports":["internal"]}}
                """.formatted(
                        text(id),
                        text(id),
                        text(client("webauthn.create", challenge, origin)),
                        text(attestation.toByteArray()));
    }

    String show(String challenge, String origin, String host) throws GeneralSecurityException {
        byte[] client = client("webauthn.get", challenge, origin);
        byte[] data = data(host, false);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(data);
        signature.update(hash(client));
        return """
                {"id":"%s","rawId":"%s","type":"public-key","clientExtensionResults":{},
                 "response":{"clientDataJSON":"%s","authenticatorData":"%s","signature":"%s"}}
                """.formatted(text(id), text(id), text(client), text(data), text(signature.sign()));
    }
}
