// SPDX-License-Identifier: MIT OR Apache-2.0
// A journal as text, in parts: of a library, and a program that is linked late.
#pragma once

#include <string>

namespace pcargo {

inline const std::string kHead =
    R"({"pcargo":"journal","format":1,"version":"0.1.0","command":"pcargo build","workspace":"/w","rustc":"1.95.0",)"
    R"("profile":"dev","processor":"p","began_at_ms":1790000000000,"planned_us":100,"memory_bytes":5,"jobs":2,"cores":4})"
    "\n";
inline const std::string kUnits =
    R"({"units":[)"
    R"({"package":"low","version":"1.0.0","target":"low","kind":"lib","mode":"build","platform":"","member":false,)"
    R"("phases":"pipelined","threads":16,"after":[],"expected_us":[60,30,0],"expected_from":"crate"},)"
    R"({"package":"app","version":"0.1.0","target":"app","kind":"bin","mode":"build","platform":"","member":true,)"
    R"("phases":"linking","threads":8,"after":[[0,"metadata"]],"expected_us":[10,30,40],"expected_from":"unit"}]})"
    "\n";
inline const std::string kEvents =
    R"({"us":110,"unit":0,"is":"started","why":"a file changed"}
{"us":200,"unit":0,"is":"metadata"}
{"us":210,"unit":1,"is":"started","why":"the metadata of low changed"}
{"us":300,"unit":1,"is":"objects"}
{"us":400,"unit":0,"is":"ended","cpu_us":280,"peak_kib":900}
{"us":410,"unit":0,"is":"done"}
{"us":420,"unit":1,"is":"link"}
{"us":500,"unit":1,"is":"ended","cpu_us":100,"peak_kib":700}
{"us":510,"unit":1,"is":"done"}
{"us":520,"is":"over","outcome":"success"}
{"us":530,"is":"end"}
)";

}  // namespace pcargo
