// Steps takes the steps that were recorded from the Go tool, by the C interface, and prints what each returned:
//
//	steps apply --keep-going --json --document DOCUMENT SCRIPT
//
// so that tests/vectors_check.py can hold results and document against what the Go tool did.
package main

/*
#include <agentslock.h>
*/
import "C"

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// text is a string, or the bytes of one that is not UTF-8.
type text string

func (t *text) UnmarshalJSON(of []byte) error {
	var coded struct{ B64 *string }
	if json.Unmarshal(of, &coded) == nil && coded.B64 != nil {
		decoded, err := base64.StdEncoding.DecodeString(*coded.B64)
		*t = text(decoded)
		return err
	}
	var plain string
	err := json.Unmarshal(of, &plain)
	*t = text(plain)
	return err
}

type dependency struct {
	Adapter      text
	SchemaDigest text `json:"schema_digest"`
	Version      text
}

type change struct {
	Adapter string `json:"adapter"`
	View    string `json:"view"`
	From    string `json:"from"`
	To      string `json:"to"`
	Reason  string `json:"reason"`
}

type step struct {
	Op                            string
	Name, Adapter, View, Dependee text
	Digest                        text
	SourceDigest                  text `json:"source_digest"`
	SchemaDigest                  text `json:"schema_digest"`
	Deps                          []dependency
	Compatible                    bool
	Presence                      asked
	Section                       text
	Value                         json.RawMessage
	Now                           string
}

type answer map[string]any

// project is one document, and what was loaded from it.
type project struct {
	document *C.agentslock_document
	file     *C.agentslock_lockfile
}

func (p *project) open(path string) error {
	var own memory
	defer own.free()
	var why *C.agentslock_error
	if err := failure(C.agentslock_document_open(own.text(path), &p.document, &why), why); err != nil {
		return err
	}
	return failure(C.agentslock_load(p.document, &p.file, &why), why)
}

// listing is all entries as they are; the caller frees it.
func (p *project) listing() (*C.agentslock_listing, error) {
	var why *C.agentslock_error
	var all *C.agentslock_listing
	return all, failure(C.agentslock_lockfile_list(p.file, &all, &why), why)
}

// flush writes one change of a section, or of inputs_digest.
func (p *project) flush(stage func(*C.agentslock_changes, **C.agentslock_error) C.agentslock_code) error {
	var why *C.agentslock_error
	var changes *C.agentslock_changes
	if err := failure(C.agentslock_changes_new(&changes, &why), why); err != nil {
		return err
	}
	defer C.agentslock_changes_free(changes)
	if err := failure(stage(changes, &why), why); err != nil {
		return err
	}
	return failure(C.agentslock_flush(p.document, changes, &why), why)
}

// take does one step, and says what the Go tool says of it, besides the error.
func (p *project) take(one step) (answer, error) {
	var own memory
	defer own.free()
	var why *C.agentslock_error
	var report *C.agentslock_report
	defer func() { C.agentslock_report_free(report) }()
	var now C.int64_t
	if one.Now != "" {
		at, err := time.Parse(time.RFC3339, one.Now)
		if err != nil {
			return nil, err
		}
		now = C.int64_t(at.Unix())
	}
	key := own.key(string(one.Adapter), string(one.View))
	digest := own.text(string(one.Digest))
	deps, count := own.dependencies(one.Deps)

	switch one.Op {
	case "activate":
		code := C.agentslock_activate(p.file, own.text(string(one.Name)), own.text(string(one.SourceDigest)),
			own.text(string(one.SchemaDigest)), now, &why)
		return answer{}, failure(code, why)
	case "register_view":
		return answer{}, failure(C.agentslock_register_view(p.file, key, digest, deps, count, now, &why), why)
	case "mark_dependee_bumped":
		nothing := own.text("")
		code := C.agentslock_mark_dependee_bumped(p.file, own.text(string(one.Dependee)), nothing, nothing, now,
			&report, &why)
		err := failure(code, why)
		return answer{"affected": keys(report, C.AGENTSLOCK_FROZEN)}, err
	case "resolve_recompat":
		verdict := C.int32_t(C.AGENTSLOCK_FAILED)
		if one.Compatible {
			verdict = C.AGENTSLOCK_PASSED
		}
		return answer{}, failure(C.agentslock_resolve_recompat(p.file, key, verdict, deps, count, now, &why), why)
	case "mark_view_rebuilt":
		return answer{}, failure(C.agentslock_mark_view_rebuilt(p.file, key, digest, nil, 0, now, &why), why)
	case "activation_blockers":
		code := C.agentslock_activation_blockers(p.file, own.text(string(one.Dependee)), &report, &why)
		err := failure(code, why)
		return answer{"blockers": keys(report, C.AGENTSLOCK_BLOCKER)}, err
	case "reconcile":
		changes, err := reconcile(p.file, one.Presence, now)
		return answer{"changes": changes}, err
	case "view_status_of":
		all, err := p.listing()
		defer C.agentslock_listing_free(all)
		said := answer{"ok": false, "status": ""}
		if entry := C.agentslock_listing_find_view(all, key); entry != nil {
			said = answer{"ok": true, "status": goText(entry.status)}
		}
		return said, err
	case "adapter_names":
		all, err := p.listing()
		defer C.agentslock_listing_free(all)
		names := []string{}
		for i := C.size_t(0); i < C.agentslock_listing_adapter_count(all); i++ {
			names = append(names, goText(C.agentslock_listing_adapter(all, i).name))
		}
		return answer{"names": names}, err
	case "save":
		return answer{}, failure(C.agentslock_save(p.document, p.file, &why), why)
	case "inputs_digest":
		var sections *C.agentslock_sections
		err := failure(C.agentslock_sections_read(p.document, &sections, &why), why)
		defer func() { C.agentslock_sections_free(sections) }()
		said := C.agentslock_sections_inputs_digest(sections)
		return answer{"ok": said.data != nil, "digest": goText(said)}, err
	case "set_inputs_digest":
		return answer{}, p.flush(func(to *C.agentslock_changes, why **C.agentslock_error) C.agentslock_code {
			return C.agentslock_changes_set_inputs_digest(to, digest, why)
		})
	case "update_section":
		return answer{}, p.flush(func(to *C.agentslock_changes, why **C.agentslock_error) C.agentslock_code {
			return C.agentslock_changes_set_section(to, own.text(string(one.Section)), own.text(string(one.Value)), why)
		})
	}
	return nil, fmt.Errorf("no such operation: %s", one.Op)
}

// says puts an error's text, or nothing, beside an answer.
func says(what answer, err error) answer {
	if what == nil {
		what = answer{}
	}
	what["error"] = nil
	if err != nil {
		what["error"] = err.Error()
	}
	return what
}

func run(document, script string) error {
	content, err := os.ReadFile(script)
	if err != nil {
		return err
	}
	var steps struct{ Ops []step }
	if err := json.Unmarshal(content, &steps); err != nil {
		return err
	}
	var own project
	err = own.open(document)
	defer func() {
		C.agentslock_lockfile_free(own.file)
		C.agentslock_document_close(own.document)
	}()
	answers := []answer{}
	if err == nil {
		for _, one := range steps.Ops {
			said := says(own.take(one))
			said["op"] = one.Op
			answers = append(answers, said)
		}
	}
	return json.NewEncoder(os.Stdout).Encode(answer{"load": says(nil, err), "ops": answers})
}

func main() {
	if len(os.Args) != 7 || os.Args[4] != "--document" {
		fmt.Fprintln(os.Stderr, "usage: steps apply --keep-going --json --document DOCUMENT SCRIPT")
		os.Exit(1)
	}
	if err := run(os.Args[5], os.Args[6]); err != nil {
		fmt.Fprintln(os.Stderr, "steps:", err)
		os.Exit(1)
	}
}
// SPDX-License-Identifier: Apache-2.0
