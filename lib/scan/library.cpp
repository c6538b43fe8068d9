#include "jwtdomain/scan/library.h"

#include "jwtdomain/base/shared_library.h"

namespace jwtdomain::scan {
namespace {

LoadedLibrary<ArchiveLibrary> load_archive() {
    LoadedLibrary<ArchiveLibrary> out;
    SharedLibrary file({"libarchive.so.13"});
    ArchiveLibrary& f = out.functions;
    file.find("archive_read_new", f.read_new);
    file.find("archive_read_free", f.read_free);
    file.find("archive_read_support_format_zip_streamable", f.support_zip);
    file.find("archive_read_support_format_tar", f.support_tar);
    file.find("archive_read_support_format_7zip", f.support_7zip);
    file.find("archive_read_support_format_cpio", f.support_cpio);
    file.find("archive_read_support_format_ar", f.support_ar);
    file.find("archive_read_set_read_callback", f.set_read_callback);
    file.find("archive_read_set_seek_callback", f.set_seek_callback);
    file.find("archive_read_set_callback_data", f.set_callback_data);
    file.find("archive_read_open1", f.open1);
    file.find("archive_read_next_header", f.next_header);
    file.find("archive_read_data_block", f.data_block);
    file.find("archive_error_string", f.error_string);
    file.find("archive_set_error", f.set_error);
    file.find("archive_filter_bytes", f.filter_bytes);
    file.find("archive_format_name", f.format_name);
    file.find("archive_read_has_encrypted_entries", f.has_encrypted);
    file.find("archive_entry_pathname", f.entry_pathname);
    file.find("archive_entry_pathname_utf8", f.entry_pathname_utf8);
    file.find("archive_entry_filetype", f.entry_filetype);
    file.find("archive_entry_is_encrypted", f.entry_is_encrypted);
    out.usable = file.whole();
    return out;
}

LoadedLibrary<Bzip2Library> load_bzip2() {
    LoadedLibrary<Bzip2Library> out;
    SharedLibrary file({"libbz2.so.1.0"});
    Bzip2Library& f = out.functions;
    file.find("BZ2_bzDecompressInit", f.init);
    file.find("BZ2_bzDecompress", f.decompress);
    file.find("BZ2_bzDecompressEnd", f.end);
    out.usable = file.whole();
    return out;
}

LoadedLibrary<LzmaLibrary> load_lzma() {
    LoadedLibrary<LzmaLibrary> out;
    SharedLibrary file({"liblzma.so.5"});
    LzmaLibrary& f = out.functions;
    file.find("lzma_stream_decoder", f.stream_decoder);
    file.find("lzma_alone_decoder", f.alone_decoder);
    file.find("lzma_lzip_decoder", f.lzip_decoder);
    file.find("lzma_code", f.code);
    file.find("lzma_end", f.end);
    file.find("lzma_memusage", f.memusage);
    file.find("lzma_memlimit_set", f.memlimit_set);
    out.usable = file.whole();
    return out;
}

LoadedLibrary<ZstdLibrary> load_zstd() {
    LoadedLibrary<ZstdLibrary> out;
    SharedLibrary file({"libzstd.so.1"});
    ZstdLibrary& f = out.functions;
    file.find("ZSTD_createDStream", f.create);
    file.find("ZSTD_freeDStream", f.free);
    file.find("ZSTD_initDStream", f.init);
    file.find("ZSTD_DCtx_setParameter", f.set_parameter);
    file.find("ZSTD_decompressStream", f.decompress);
    file.find("ZSTD_isError", f.is_error);
    file.find("ZSTD_getErrorCode", f.error_code);
    file.find("ZSTD_sizeof_DStream", f.size_of);
    out.usable = file.whole();
    return out;
}

} // namespace

Result<const ArchiveLibrary*> archive_library() {
    static const LoadedLibrary<ArchiveLibrary> loaded = load_archive();
    return loaded.get("libarchive", "libarchive13");
}

Result<const Bzip2Library*> bzip2_library() {
    static const LoadedLibrary<Bzip2Library> loaded = load_bzip2();
    return loaded.get("libbz2", "libbz2-1.0");
}

Result<const LzmaLibrary*> lzma_library() {
    static const LoadedLibrary<LzmaLibrary> loaded = load_lzma();
    return loaded.get("liblzma", "liblzma5");
}

Result<const ZstdLibrary*> zstd_library() {
    static const LoadedLibrary<ZstdLibrary> loaded = load_zstd();
    return loaded.get("libzstd", "libzstd1");
}

} // namespace jwtdomain::scan
