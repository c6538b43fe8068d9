# Files of one folder are compiled together, which takes little more than half the time of one by one: the rest is spent
# on headers and templates that they share. A folder of many files is split by their first letter, so that a new file moves no other.
# The day's builds (preset dev) and clang-tidy compile each alone, by which a missing #include is found.

# Local names of theirs are another's, too; and house/scaffold puts others in the place of gateway.cpp and schema_words.cpp.
set(alone
    cli/app/program.cpp
    cli/audit/diff_text.cpp
    cli/audit/report_json.cpp
    cli/audit/report_markdown.cpp
    cli/audit/report_text.cpp
    cli/docs/fish.cpp
    cli/docs/zsh.cpp
    cli/explain/topics.cpp
    cli/issue/request.cpp
    cli/issue/signing_key.cpp
    lib/crack/guess.cpp
    cli/probe/report_html.cpp
    cli/probe/report_markdown.cpp
    cli/probe/report_text.cpp
    cli/scan/report.cpp
    lib/accept/engine.cpp
    lib/audit/diff/verifiers.cpp
    lib/audit/edwards.cpp
    lib/audit/rules/aud_03.cpp
    lib/audit/rules/key_01.cpp
    lib/audit/weak_secret.cpp
    lib/base/time.cpp
    lib/crypto/sha2.cpp
    lib/gateway/apache_require.cpp
    lib/gateway/apache_sections.cpp
    lib/gateway/apache_settings.cpp
    lib/gateway/apache_text.cpp
    lib/gateway/aspnet.cpp
    lib/gateway/contour_routes.cpp
    lib/gateway/envoy_gateway_security.cpp
    lib/gateway/export_apache.cpp
    lib/gateway/export_haproxy.cpp
    lib/gateway/export_kubernetes.cpp
    lib/gateway/export_node.cpp
    lib/gateway/export_spring.cpp
    lib/gateway/external.cpp
    lib/gateway/gateway.cpp
    lib/gateway/haproxy_value.cpp
    lib/gateway/istio_extension.cpp
    lib/gateway/istio_narrow.cpp
    lib/gateway/istio_policy.cpp
    lib/gateway/istio_rules.cpp
    lib/gateway/node_fastify.cpp
    lib/gateway/node_jsonwebtoken.cpp
    lib/jwt/inspect_json.cpp
    lib/jwt/jwk_members.cpp
    lib/jwt/rule.cpp
    lib/jwt/sd_jwt.cpp
    lib/jwt/unwrap_context.cpp
    lib/policy/schema_words.cpp
    lib/probe/header_kinds.cpp
    lib/probe/shape_kinds.cpp
    tests/cli/audit_injection_test.cpp
    tests/cli/audit_test.cpp
    tests/cli/export_ci_test.cpp
    tests/cli/inspect_test.cpp
    tests/cli/issue_bulk_test.cpp
    tests/cli/issue_free_test.cpp
    tests/cli/issue_offline_test.cpp
    tests/cli/issue_test.cpp
    tests/cli/probe_formats_test.cpp
    tests/cli/probe_records_test.cpp
    tests/cli/proof_test.cpp
    tests/unit/accept_dpop_test.cpp
    tests/unit/audit_entered_exchanges_test.cpp
    tests/unit/audit_ignores_test.cpp
    tests/unit/audit_known_keys_test.cpp
    tests/unit/audit_weak_keys_test.cpp
    tests/unit/base_json_differential_test.cpp
    tests/unit/base_json_test.cpp
    tests/unit/jwt_unwrap_test.cpp
    tests/unit/policy_load_test.cpp
    tests/unit/policy_lower_test.cpp
    tests/unit/policy_plan_test.cpp
    tests/unit/policy_preset_test.cpp
    tests/unit/probe_crowd_test.cpp
    tests/unit/probe_kinds_test.cpp
    tests/unit/probe_run_test.cpp
    tests/unit/refresh_machine_test.cpp
    tests/unit/rotation_test.cpp
    tests/unit/store_keystore_test.cpp
    tests/unit/store_lines_test.cpp)

function(compile_together target)
  set(most 20) # of a folder
  get_target_property(sources ${target} SOURCES)
  get_target_property(directory ${target} SOURCE_DIR)
  list(FILTER sources EXCLUDE REGEX "TARGET_OBJECTS")
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${directory} NORMALIZE OUTPUT_VARIABLE name)
    cmake_path(RELATIVE_PATH name BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
    if(name IN_LIST alone OR name MATCHES "^(cli/command|tests/unit/gateway)") # these have the same names on purpose
      continue()
    endif()
    cmake_path(GET name PARENT_PATH folder)
    cmake_path(GET name FILENAME file)
    string(SUBSTRING ${file} 0 1 letter)
    string(MAKE_C_IDENTIFIER ${folder} folder)
    list(APPEND of_${folder} ${source})
    list(APPEND of_${folder}_${letter} ${source})
    list(APPEND folders ${folder})
    list(APPEND letters_${folder} ${letter})
  endforeach()
  list(REMOVE_DUPLICATES folders)
  foreach(folder IN LISTS folders)
    list(LENGTH of_${folder} count)
    if(count LESS most)
      set_source_files_properties(${of_${folder}} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${folder})
      continue()
    endif()
    list(REMOVE_DUPLICATES letters_${folder})
    foreach(letter IN LISTS letters_${folder})
      set_source_files_properties(${of_${folder}_${letter}} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${folder}_${letter})
    endforeach()
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU") # 12 at -O2 takes members of a moved std::vector for uninitialised
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
  endif()
endfunction()
