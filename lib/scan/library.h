// Internal: libraries that unpack, loaded when something that they know is first met, so that they cost nothing else
// its start. Their headers give types and numbers alone; nothing of them is linked.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <bzlib.h>
#include <lzma.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "jwtdomain/base/result.h"

namespace jwtdomain::scan {

struct ArchiveLibrary {
    decltype(&::archive_read_new) read_new;
    decltype(&::archive_read_free) read_free;
    decltype(&::archive_read_support_format_zip_streamable) support_zip;
    decltype(&::archive_read_support_format_tar) support_tar;
    decltype(&::archive_read_support_format_7zip) support_7zip;
    decltype(&::archive_read_support_format_cpio) support_cpio;
    decltype(&::archive_read_support_format_ar) support_ar;
    decltype(&::archive_read_set_read_callback) set_read_callback;
    decltype(&::archive_read_set_seek_callback) set_seek_callback;
    decltype(&::archive_read_set_callback_data) set_callback_data;
    decltype(&::archive_read_open1) open1;
    decltype(&::archive_read_next_header) next_header;
    decltype(&::archive_read_data_block) data_block;
    decltype(&::archive_error_string) error_string;
    decltype(&::archive_set_error) set_error;
    decltype(&::archive_filter_bytes) filter_bytes;
    decltype(&::archive_format_name) format_name;
    decltype(&::archive_read_has_encrypted_entries) has_encrypted;
    decltype(&::archive_entry_pathname) entry_pathname;
    decltype(&::archive_entry_pathname_utf8) entry_pathname_utf8;
    decltype(&::archive_entry_filetype) entry_filetype;
    decltype(&::archive_entry_is_encrypted) entry_is_encrypted;
};

struct Bzip2Library {
    decltype(&::BZ2_bzDecompressInit) init;
    decltype(&::BZ2_bzDecompress) decompress;
    decltype(&::BZ2_bzDecompressEnd) end;
};

struct LzmaLibrary {
    decltype(&::lzma_stream_decoder) stream_decoder;
    decltype(&::lzma_alone_decoder) alone_decoder;
    decltype(&::lzma_lzip_decoder) lzip_decoder;
    decltype(&::lzma_code) code;
    decltype(&::lzma_end) end;
    decltype(&::lzma_memusage) memusage;
    decltype(&::lzma_memlimit_set) memlimit_set;
};

struct ZstdLibrary {
    decltype(&::ZSTD_createDStream) create;
    decltype(&::ZSTD_freeDStream) free;
    decltype(&::ZSTD_initDStream) init;
    decltype(&::ZSTD_DCtx_setParameter) set_parameter;
    decltype(&::ZSTD_decompressStream) decompress;
    decltype(&::ZSTD_isError) is_error;
    decltype(&::ZSTD_getErrorCode) error_code;
    decltype(&::ZSTD_sizeof_DStream) size_of;
};

// The same ones for the whole run; may be called by several threads. Faults: unsupported (it is not there, or too old).
Result<const ArchiveLibrary*> archive_library();
Result<const Bzip2Library*> bzip2_library();
Result<const LzmaLibrary*> lzma_library();
Result<const ZstdLibrary*> zstd_library();

} // namespace jwtdomain::scan
