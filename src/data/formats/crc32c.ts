// CRC-32C (Castagnoli), which TFRecord uses and Node's zlib lacks; four tables, four bytes per step.

const POLYNOMIAL = 0x82f63b78; // 0x1edc6f41, its bits reversed

const TABLES = makeTables();

function makeTables(): Uint32Array {
  const tables = new Uint32Array(4 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let t = 1; t < 4; t++)
    for (let byte = 0; byte < 256; byte++) {
      const before = tables[(t - 1) * 256 + byte]!;
      tables[t * 256 + byte] = (before >>> 8) ^ tables[before & 255]!;
    }
  return tables;
}

/** The checksum of the bytes, unsigned. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    crc =
      TABLES[768 + (crc & 255)]! ^
      TABLES[512 + ((crc >>> 8) & 255)]! ^
      TABLES[256 + ((crc >>> 16) & 255)]! ^
      TABLES[crc >>> 24]!;
  }
  for (let i = whole; i < bytes.length; i++) crc = (crc >>> 8) ^ TABLES[(crc ^ bytes[i]!) & 255]!;
  return (crc ^ 0xffffffff) >>> 0;
}

/** The form that TFRecord stores: rotated and offset, so that checksums of data that contains checksums work too. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
