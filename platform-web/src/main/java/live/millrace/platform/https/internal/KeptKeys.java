// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;
