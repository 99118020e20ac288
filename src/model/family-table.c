/* SPDX-License-Identifier: Apache-2.0 */
/* The families; contract in model/family.h. Checked by tests/oracle/families.py against the
 * libraries themselves. */
#include "model/family.h"

#include <string.h>

#define LIST(...)                                                                                  \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

static const struct family families[] = {
	{ "openssl", LIST("libcrypto", "libssl", "libssl3" /* of NSS */, "libgnutls-openssl"),
	  LIST("libcrypto.so.3", "libssl.so.3", "libcrypto.so.1.1", "libssl.so.1.1",
	       "libcrypto.so.10", "libssl.so.10", "libcrypto.so.1.0.0", "libssl.so.1.0.0"),
	  LIST("SSL_", "OSSL_", "OPENSSL_", "OpenSSL_", "CRYPTO_", "EVP_", "BN_", "BIO_", "RSA_",
	       "DSA_", "DH_", "EC_", "ECDSA_", "ECDH_", "X509_", "X509V3_", "ASN1_", "PEM_",
	       "PKCS7_", "PKCS12_", "PKCS5_", "PKCS8_", "ERR_", "RAND_", "HMAC_", "AES_", "DES_",
	       "SHA1_", "SHA256_", "SHA512_", "MD5_", "OBJ_", "CONF_", "NCONF_", "ENGINE_", "UI_",
	       "OCSP_", "CMS_", "TS_", "d2i_", "i2d_", "i2o_", "o2i_", "i2v_", "v2i_", "i2s_",
	       "s2i_", "EXTENDED_KEY_", "GENERAL_NAME", "NETSCAPE_", "SRP_", "TLS_", "DTLS_",
	       "DTLSv1_", "TLSv1_", "CT_", "SCT_", "ESS_", "OTHERNAME_", "POLICYINFO_", "ossl_",
	       "CAMELLIA_", "Camellia_", "SEED_", "IDEA_", "CAST_", "BF_", "RC2_", "RC4_",
	       "ASYNC_") },
	{ "zlib", LIST("libz"), LIST("libz.so.1"),
	  LIST("=adler32_combine64", "=crc32_combine64", "=crc32_combine_gen",
	       "=crc32_combine_gen64", "=crc32_combine_op", "=gzclearerr", "=gzclose_r",
	       "=gzclose_w", "=gzdirect", "=gzfread", "=gzfwrite", "=gzgetc", "=gzgetc_",
	       "=gzoffset", "=gzoffset64", "=gzopen64", "=gzputc", "=gzseek64", "=gzsetparams",
	       "=gztell64", "=gzungetc", "=gzvprintf", "=inflateCodesUsed", "=inflateGetDictionary",
	       "=inflateResetKeep", "=inflateValidate", "=adler32", "=adler32_combine",
	       "=adler32_z", "=compress", "=compress2", "=compressBound", "=crc32",
	       "=crc32_combine", "=crc32_z", "=deflate", "=deflateBound", "=deflateCopy",
	       "=deflateEnd", "=deflateInit_", "=deflateInit2_", "=deflateParams", "=deflatePrime",
	       "=deflateReset", "=deflateSetDictionary", "=deflateSetHeader", "=deflateTune",
	       "=deflatePending", "=deflateGetDictionary", "=deflateResetKeep", "=get_crc_table",
	       "=gzclose", "=gzopen", "=gzread", "=gzwrite", "=gzputs", "=gzgets", "=gzdopen",
	       "=gzerror", "=gzflush", "=gzseek", "=gztell", "=gzrewind", "=gzeof", "=gzbuffer",
	       "=gzprintf", "=inflate", "=inflateBack", "=inflateBackEnd", "=inflateBackInit_",
	       "=inflateCopy", "=inflateEnd", "=inflateGetHeader", "=inflateInit_",
	       "=inflateInit2_", "=inflateMark", "=inflatePrime", "=inflateReset", "=inflateReset2",
	       "=inflateSetDictionary", "=inflateSync", "=inflateSyncPoint", "=inflateUndermine",
	       "=inflate_table", "=inflate_fast", "=uncompress", "=uncompress2", "=zError",
	       "=zlibCompileFlags", "=zlibVersion", "=zcalloc", "=zcfree", "=_tr_init",
	       "=_tr_flush_block") },
	{ "xmlsec",
	  LIST("libxmlsec1", "libxmlsec1-openssl", "libxmlsec1-gnutls", "libxmlsec1-nss",
	       "libxmlsec1-gcrypt"),
	  LIST("libxmlsec1.so.1"), LIST("xmlSec") },
	{ "libxml2", LIST("libxml2"), LIST("libxml2.so.2", "libxml2.so.16"),
	  LIST("xml", "html", "__xml", "UTF8ToHtml") },
	{ "sqlite", LIST("libsqlite3"), LIST("libsqlite3.so.0"), LIST("sqlite3") },
	{ "curl", LIST("libcurl", "libcurl-gnutls", "libcurl-nss"),
	  LIST("libcurl.so.4", "libcurl-gnutls.so.4"), LIST("curl_", "Curl_") },
	{ "expat", LIST("libexpat", "libexpatw"), LIST("libexpat.so.1"),
	  LIST("XML_", "_INTERNAL_trim_to_complete_utf8") },
	{ "pcre2", LIST("libpcre2-8", "libpcre2-16", "libpcre2-32", "libpcre2-posix"),
	  LIST("libpcre2-8.so.0", "libpcre2-16.so.0", "libpcre2-32.so.0"),
	  LIST("pcre2_", "_pcre2_") },
	{ "pcre", LIST("libpcre", "libpcre16", "libpcre32", "libpcreposix"),
	  LIST("libpcre.so.3", "libpcre.so.1"), LIST("pcre_", "_pcre_") },
	{ "libjpeg", LIST("libjpeg", "libturbojpeg"), LIST("libjpeg.so.62", "libjpeg.so.8"),
	  LIST("jpeg_", "jinit_", "jcopy_", "=jzero_far", "=jround_up", "=jdiv_round_up") },
	{ "libpng", LIST("libpng12", "libpng15", "libpng16"),
	  LIST("libpng16.so.16", "libpng15.so.15", "libpng12.so.0"), LIST("png_") },
	{ "freetype", LIST("libfreetype"), LIST("libfreetype.so.6"),
	  LIST("FT_", "FTC_", "=TT_New_Context", "=TT_RunIns") },
	{ "zstd", LIST("libzstd"), LIST("libzstd.so.1"),
	  LIST("ZSTD_", "ZSTDv", "ZBUFF", "HUF_", "HUFv", "FSE_", "FSEv", "ZDICT_", "POOL_") },
	{ "lz4", LIST("liblz4"), LIST("liblz4.so.1"), LIST("LZ4_", "LZ4F_") },
	{ "bzip2", LIST("libbz2"), LIST("libbz2.so.1.0", "libbz2.so.1"),
	  LIST("BZ2_", "=bz_internal_error") },
	{ "lzma", LIST("liblzma"), LIST("liblzma.so.5"), LIST("lzma_") },
	{ "gnutls", LIST("libgnutls", "libgnutlsxx"), LIST("libgnutls.so.30", "libgnutls.so.28"),
	  LIST("gnutls_", "_gnutls_") },
	{ "nettle", LIST("libnettle", "libhogweed"), LIST("libnettle.so.8", "libhogweed.so.6"),
	  LIST("nettle_", "_nettle_") },
	{ "gmp", LIST("libgmp"), LIST("libgmp.so.10"),
	  LIST("__gmpn_", "__gmpz_", "__gmpq_", "__gmpf_", "__gmp_") },
	{ "krb5", LIST("libkrb5", "libk5crypto", "libkrb5support"),
	  LIST("libkrb5.so.3", "libk5crypto.so.3"), LIST("krb5_", "krb5int_", "k5_") },
	{ "icu", LIST("libicuuc", "libicui18n", "libicuio", "libicudata"),
	  LIST("libicuuc.so.72", "libicuuc.so.67", "libicuuc.so.76"),
	  LIST("u_", "ucnv_", "uset_", "ubidi_", "ures_", "uhash_", "uloc_", "uprv_", "ucol_",
	       "unorm2_", "ubrk_", "udat_", "ucal_", "unum_", "uregex_", "utext_", "_ZN6icu_",
	       "_ZNK6icu_", "_ZTVN6icu_", "_ZTIN6icu_") },
	{ "libssh2", LIST("libssh2"), LIST("libssh2.so.1"), LIST("libssh2_", "_libssh2_") },
	{ "nghttp2", LIST("libnghttp2"), LIST("libnghttp2.so.14"), LIST("nghttp2_") },
	{ "libffi", LIST("libffi"), LIST("libffi.so.8", "libffi.so.7", "libffi.so.6"),
	  LIST("ffi_") },
	{ "glib", LIST("libglib-2.0"), LIST("libglib-2.0.so.0"),
	  LIST("=g_malloc", "=g_free", "=g_malloc0", "=g_realloc", "g_hash_table_", "g_list_",
	       "g_slist_", "g_string_", "g_array_", "g_ptr_array_", "g_main_", "g_key_file_",
	       "g_variant_") },
	{ "libgcrypt", LIST("libgcrypt"), LIST("libgcrypt.so.20"), LIST("gcry_", "_gcry_") },
	{ "libuv", LIST("libuv"), LIST("libuv.so.1"), LIST("uv_", "uv__") },
	{ "libarchive", LIST("libarchive"), LIST("libarchive.so.13"),
	  LIST("archive_", "__archive_") },
	{ "libyaml", LIST("libyaml-0"), LIST("libyaml-0.so.2"), LIST("yaml_") },
	{ "elfutils", LIST("libelf", "libdw"), LIST("libelf.so.1", "libdw.so.1"),
	  LIST("elf_", "elf32_get", "elf32_new", "elf32_xlate", "elf32_fsize", "elf32_offscn",
	       "elf64_get", "elf64_new", "elf64_xlate", "elf64_fsize", "elf64_offscn", "gelf_",
	       "dwarf_", "dwfl_", "dwelf_") },
	{ "protobuf", LIST("libprotobuf", "libprotobuf-lite", "libprotoc"),
	  LIST("libprotobuf.so.32", "libprotobuf.so.23"),
	  LIST("_ZN6google8protobuf", "_ZNK6google8protobuf", "_ZTVN6google8protobuf",
	       "_ZTIN6google8protobuf", "_ZTSN6google8protobuf") },
	{ "boost", LIST("libboost"), LIST("libboost_system.so.1.74.0"),
	  LIST("_ZN5boost", "_ZNK5boost", "_ZTVN5boost", "_ZTIN5boost", "_ZTSN5boost") },
	{ "allocator", LIST("libc", "libjemalloc", "libtcmalloc", "libmimalloc", "libasan"),
	  LIST("libc.so.6"),
	  LIST("=malloc", "=free", "=calloc", "=realloc", "=memalign", "=posix_memalign",
	       "=aligned_alloc", "=valloc", "=pvalloc", "=malloc_usable_size") },
	{ "c++ runtime", LIST("libstdc++", "libc++", "libc++abi"), LIST("libstdc++.so.6"),
	  LIST("__cxa_", "__gxx_personality_v0", "_ZTVN10__cxxabiv1", "_ZTIN10__cxxabiv1",
	       "_ZSt9terminatev") },
	{ "gcc runtime", LIST("libgcc_s", "libunwind"), LIST("libgcc_s.so.1"),
	  LIST("_Unwind_", "__register_frame", "__deregister_frame") },
};

const struct family *family_at(size_t index)
{
	return index < ARRAY_SIZE(families) ? &families[index] : NULL;
}

static bool matches(const char *pattern, const char *symbol)
{
	return *pattern == '=' ? !strcmp(pattern + 1, symbol)
			       : !strncmp(pattern, symbol, strlen(pattern));
}

const struct family *family_of(const char *symbol)
{
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(families); i++) {
		for (k = 0; families[i].patterns[k]; k++) {
			if (matches(families[i].patterns[k], symbol))
				return &families[i];
		}
	}
	return NULL;
}

bool family_owns(const struct family *family, const char *soname)
{
	size_t i;

	for (i = 0; family->libraries[i]; i++) {
		size_t length = strlen(family->libraries[i]);

		/* "libssl.so.3"; "libboost_regex.so.1.74.0" */
		if (!strncmp(soname, family->libraries[i], length) &&
		    (soname[length] == '.' || soname[length] == '_'))
			return true;
	}
	return false;
}
