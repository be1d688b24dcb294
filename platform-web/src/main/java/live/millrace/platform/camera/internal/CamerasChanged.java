// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

/** What is to be fetched, or by whose right, is not what it was. Published in the transaction that changes it. */
record CamerasChanged() {}
