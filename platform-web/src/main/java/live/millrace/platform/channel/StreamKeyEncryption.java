// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

/** The passphrase of a stream key is another, or gone: it counts from the next connection on. */
public record StreamKeyEncryption(long keyId) {}
