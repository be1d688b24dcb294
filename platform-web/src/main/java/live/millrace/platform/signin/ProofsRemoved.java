// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

/** Staff, or whoever runs the machine, took off what proves somebody beside a password; their sessions end. */
public record ProofsRemoved(long accountId, String username) {}
